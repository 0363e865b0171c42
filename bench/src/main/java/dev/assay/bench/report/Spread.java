package dev.assay.bench.report;

import java.util.Collections;
import java.util.List;

/**
 * A number as several JVMs measured it.
 *
 * @param median of the JVMs
 * @param low least
 * @param high largest
 * @param forks one number for each JVM, in the order in which they ran
 */
public record Spread(double median, double low, double high, List<Double> forks) {
  /** Of at least one JVM. */
  public static Spread of(List<Double> forks) {
    return new Spread(
        Statistics.median(forks),
        Collections.min(forks),
        Collections.max(forks),
        List.copyOf(forks));
  }
}
