package dev.assay.bench.headline;

import dev.assay.bench.PeakMemory;
import dev.assay.bench.ResidentMemory;
import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Goal.Direction;
import dev.assay.bench.report.Goal.Unit;
import dev.assay.bench.report.Point.Plot;
import dev.assay.bench.report.Row;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A million tokens, forward and backward, on a few blocks a row: that it finishes, how near the
 * peak, and in how much memory, all of the JVM's included.
 *
 * @param n tokens
 * @param perRow blocks of 64 in a row
 */
record MillionTokens(int n, int perRow) implements Experiment {
  private static final int HEADS = 2;
  private static final double MEBIBYTE = 1 << 20;

  /** What the JVM itself may take: 150 MB. */
  private static final double ALLOWANCE = 150e6;

  private static final double NANOS_PER_MILLI = 1e6;

  @Override
  public String id() {
    return "million";
  }

  @Override
  public List<Goal> goals(int threads) {
    String what = "n = %d, %d heads, %d blocks a row, both passes: ".formatted(n, HEADS, perRow);
    return List.of(
        new Goal(
            "memory",
            what + "peak memory less 150 MB, of all tensors",
            Unit.TIMES,
            Direction.AT_MOST,
            1.3,
            null),
        new Goal(Row.SHARE, what + "share of peak", Unit.PERCENT, Direction.AT_LEAST, null, 0.60));
  }

  @Override
  public @Nullable String obstacle() {
    return ResidentMemory.known() ? null : "this system does not say how much memory is resident";
  }

  @Override
  public List<String> flags() {
    return PeakMemory.flags();
  }

  @Override
  public Sample run(Lab lab) throws IOException {
    Recipe recipe = Recipes.randomBlocks(perRow);
    lab.judge(recipe, ShareOfPeak.JUDGED, ShareOfPeak.JUDGED);
    Subject small = Subject.of(recipe, Math.min(n, 1 << 13), HEADS);
    Rounds before = lab.time(() -> small.both(lab.engine()));
    Subject subject = Subject.of(recipe, n, HEADS);
    System.gc();
    ResidentMemory.forgetHighest();
    long start = System.nanoTime();
    subject.both(lab.engine());
    double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
    double resident = ResidentMemory.highest() * MEBIBYTE;
    double flops = subject.flops(14);
    double tensors = 2 * subject.inputBytes() + cotangentBytes(subject) + subject.outputBytes();
    return new Sample()
        .put("memory", (resident - ALLOWANCE) / tensors)
        .put(Row.SHARE, flops / millis / NANOS_PER_MILLI / before.peak())
        .put(Row.MILLIS, millis)
        .put(Row.PEAK, before.peak())
        .put("resident_mib", resident / MEBIBYTE)
        .put("tensors_mib", tensors / MEBIBYTE)
        .plot(Plot.MEMORY, perRow + " blocks a row, 2 heads, whole JVM", n, resident / MEBIBYTE);
  }

  private static double cotangentBytes(Subject subject) {
    return (double) Float.BYTES * subject.dOut().size();
  }
}
