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
 * results that it returns, for each tile of 64 x 64 pairs. The smallest object takes 16 bytes, so
 * that less than that means that no tile leaves one behind; what remains is the scratch of a
 * thread.
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
    Subject subject = Subject.of(Recipes.DENSE, n, heads);
    lab.time(() -> subject.both(lab.engine()));
    Forward forward = subject.forward(lab.engine());
    double tiles = subject.pairs() / PAIRS;
    double ofForward = allocated(() -> subject.forward(lab.engine())) - subject.outputBytes();
    double ofBackward =
        allocated(() -> subject.backward(lab.engine(), forward)) - subject.inputBytes();
    return new Sample()
        .put("forward", ofForward / tiles)
        .put("backward", ofBackward / tiles)
        .put("forward_kib", ofForward / KIBIBYTE)
        .put("backward_kib", ofBackward / KIBIBYTE);
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
