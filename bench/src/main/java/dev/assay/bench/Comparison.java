package dev.assay.bench;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Engines side by side on one workload.
 *
 * @param workload what they were given
 * @param peakGigaflops multiply-add peak of all threads, median over the same rounds
 * @param threads threads of that peak
 * @param rows one for each engine, the first is the one that ratios refer to
 */
public record Comparison(Workload workload, double peakGigaflops, int threads, List<Row> rows) {
  /**
   * One engine.
   *
   * @param engine its id
   * @param description what it runs on
   * @param timings by pass
   * @param memory peak memory beyond its inputs, or null if it could not be measured here
   * @param accuracy errors in units of the bounds; null for the fp64 engine, which is the judge
   */
  public record Row(
      String engine,
      String description,
      Map<Pass, Timing> timings,
      @Nullable PeakMemory memory,
      @Nullable Accuracy accuracy) {}

  /** How many times longer an engine takes than the first one. */
  public double ratio(Row row, Pass pass) {
    return millis(row, pass) / millis(rows.getFirst(), pass);
  }

  /** Share of the multiply-add peak that an engine reaches. */
  public double shareOfPeak(Row row, Pass pass) {
    return gigaflops(row, pass) / peakGigaflops;
  }

  /** Billions of operations a second. */
  public double gigaflops(Row row, Pass pass) {
    return timing(row, pass).gigaflops(workload.flops(pass));
  }

  /** Whether all engines but the judge stay within their bounds. */
  public boolean allWithinBounds() {
    return rows.stream().allMatch(row -> row.accuracy() == null || row.accuracy().withinBounds());
  }

  private static double millis(Row row, Pass pass) {
    return timing(row, pass).medianMillis();
  }

  private static Timing timing(Row row, Pass pass) {
    Timing timing = row.timings().get(pass);
    if (timing == null) {
      throw new IllegalStateException(row.engine() + " was not timed on " + pass);
    }
    return timing;
  }
}
