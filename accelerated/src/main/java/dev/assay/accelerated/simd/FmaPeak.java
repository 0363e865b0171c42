package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;

import java.util.concurrent.atomic.AtomicLong;
import jdk.incubator.vector.FloatVector;

/**
 * What the machine can do at most: fused multiply-adds in registers, on as many threads as the
 * engine uses. Shared machines change their mind from minute to minute, so it is measured in the
 * same run as whatever is quoted as a share of it.
 */
public final class FmaPeak {
  /** Independent chains: more than latency times units, fewer than registers. */
  private static final int CHAINS = 12;

  private static final int STEPS = 2000;
  private static final long NANOS = 100_000_000;

  /** The interpreter takes a thousand times as long, and the compiler its time. */
  private static final int WARM_UPS = 15;

  private static final double STILL_CLIMBING = 1.5;

  private final Workers workers = new Workers(Configuration.threads());
  private final AtomicLong sink = new AtomicLong();

  /** A measurement on the configured number of threads, compiled and warm. */
  public FmaPeak() {
    double before = 0;
    double now = gigaflops();
    for (int run = 1; run < WARM_UPS || now > STILL_CLIMBING * before; run++) {
      before = now;
      now = gigaflops();
    }
  }

  /** Number of threads. */
  public int threads() {
    return workers.threads();
  }

  /** Billions of operations a second, all threads together; a multiply-add counts as two. */
  public double gigaflops() {
    AtomicLong rounds = new AtomicLong();
    long start = System.nanoTime();
    workers.run(
        workers.threads(),
        () ->
            task -> {
              do {
                sink.addAndGet(Float.floatToRawIntBits(chains(STEPS)));
                rounds.incrementAndGet();
              } while (System.nanoTime() - start < NANOS);
            });
    long nanos = System.nanoTime() - start;
    return 2.0 * CHAINS * LANES * STEPS * rounds.get() / nanos;
  }

  /**
   * Two steps in a turn of the loop, not for speed but for size: a method that is small enough to
   * be inlined into the loop that calls it is compiled to half the speed.
   */
  private static float chains(int steps) {
    FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector y = FloatVector.broadcast(SPECIES, 0.001f);
    FloatVector c0 = y;
    FloatVector c1 = y;
    FloatVector c2 = y;
    FloatVector c3 = y;
    FloatVector c4 = y;
    FloatVector c5 = y;
    FloatVector c6 = y;
    FloatVector c7 = y;
    FloatVector c8 = y;
    FloatVector c9 = y;
    FloatVector c10 = y;
    FloatVector c11 = y;
    for (int step = 0; step < steps; step += 2) {
      c0 = c0.fma(x, y);
      c1 = c1.fma(x, y);
      c2 = c2.fma(x, y);
      c3 = c3.fma(x, y);
      c4 = c4.fma(x, y);
      c5 = c5.fma(x, y);
      c6 = c6.fma(x, y);
      c7 = c7.fma(x, y);
      c8 = c8.fma(x, y);
      c9 = c9.fma(x, y);
      c10 = c10.fma(x, y);
      c11 = c11.fma(x, y);
      c0 = c0.fma(x, y);
      c1 = c1.fma(x, y);
      c2 = c2.fma(x, y);
      c3 = c3.fma(x, y);
      c4 = c4.fma(x, y);
      c5 = c5.fma(x, y);
      c6 = c6.fma(x, y);
      c7 = c7.fma(x, y);
      c8 = c8.fma(x, y);
      c9 = c9.fma(x, y);
      c10 = c10.fma(x, y);
      c11 = c11.fma(x, y);
    }
    FloatVector low = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
    return low.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
  }
}
