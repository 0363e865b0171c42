package dev.assay.bench;

import java.util.Arrays;

/**
 * Times of one pass on one engine.
 *
 * @param runs how often it was run
 * @param medianMillis median over all runs
 * @param fastestMillis fastest run
 */
public record Timing(int runs, double medianMillis, double fastestMillis) {
  private static final double NANOS_PER_MILLI = 1e6;

  /** Of at least one run. */
  public static Timing ofNanos(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
    return new Timing(sorted.length, median / NANOS_PER_MILLI, sorted[0] / NANOS_PER_MILLI);
  }

  /** Billions of operations a second in the median. */
  public double gigaflops(double flops) {
    return flops / medianMillis / NANOS_PER_MILLI;
  }
}
