package dev.assay.bench.headline;

import com.sun.management.ThreadMXBean;
import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Goal.Direction;
import dev.assay.bench.report.Goal.Unit;
import dev.assay.plan.Forward;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the loops over tiles allocate: bytes that all threads allocate in a warm run, beyond the
 * results that it returns, for each tile of 64 x 64 pairs. Twice what a sequence of half the length
 * takes is taken off, and with it the lists and the scratch that grow with the length; what is left
 * grows with the tiles. The smallest object has 16 bytes: less means that no tile leaves one
 * behind.
 *
 * @param n tokens
 * @param heads heads
 */
record Allocation(int n, int heads) implements Experiment {
  private static final double PAIRS = (double) Recipes.BLOCK * Recipes.BLOCK;
  private static final double SMALLEST_OBJECT = 16;
  private static final double LITTLE = 1;
  private static final double KIBIBYTE = 1024;

  @Override
  public String id() {
    return "allocation";
  }

  @Override
  public List<Goal> goals(int threads) {
    return List.of(goal("forward"), goal("backward"));
  }

  private Goal goal(String pass) {
    return new Goal(
        pass,
        "bytes allocated a tile beyond the results, dense %s, n = %d".formatted(pass, n),
        Unit.BYTES,
        Direction.AT_MOST,
        SMALLEST_OBJECT,
        LITTLE);
  }

  @Override
  public @Nullable String obstacle() {
    return counter() == null ? "this JVM does not count what its threads allocate" : null;
  }

  private static @Nullable ThreadMXBean counter() {
    return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported()
        ? bean
        : null;
  }

  @Override
  public Sample run(Lab lab) {
    lab.judge(Recipes.DENSE, ShareOfPeak.JUDGED, ShareOfPeak.JUDGED);
    Subject whole = Subject.of(Recipes.DENSE, n, heads);
    Subject half = Subject.of(Recipes.DENSE, n / 2, heads);
    lab.time(() -> whole.both(lab.engine()));
    Bytes ofWhole = bytes(lab, whole);
    Bytes ofHalf = bytes(lab, half);
    double tiles = (whole.pairs() - 2 * half.pairs()) / PAIRS;
    return new Sample()
        .put("forward", (ofWhole.forward() - 2 * ofHalf.forward()) / tiles)
        .put("backward", (ofWhole.backward() - 2 * ofHalf.backward()) / tiles)
        .put("forward_kib", ofWhole.forward() / KIBIBYTE)
        .put("backward_kib", ofWhole.backward() / KIBIBYTE);
  }

  /** Beyond the results. */
  private record Bytes(double forward, double backward) {}

  private static Bytes bytes(Lab lab, Subject subject) {
    Forward forward = subject.forward(lab.engine());
    return new Bytes(
        allocated(() -> subject.forward(lab.engine())) - subject.outputBytes(),
        allocated(() -> subject.backward(lab.engine(), forward)) - subject.inputBytes());
  }

  private static double allocated(Runnable work) {
    ThreadMXBean counter = counter();
    if (counter == null) {
      throw new IllegalStateException("this JVM does not count what its threads allocate");
    }
    long before = counter.getTotalThreadAllocatedBytes();
    work.run();
    return counter.getTotalThreadAllocatedBytes() - before;
  }
}
