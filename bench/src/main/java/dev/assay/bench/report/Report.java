package dev.assay.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * All that a run of a suite measured.
 *
 * @param command how to run it again
 * @param machine what it ran on
 * @param settings how it was measured
 * @param rows one for each goal and number of threads
 * @param points of all plots: medians over the JVMs
 */
public record Report(
    String command, Machine machine, Settings settings, List<Row> rows, List<Point> points) {
  /**
   * How it was measured.
   *
   * @param forks JVMs of each experiment
   * @param rounds interleaved rounds in each
   * @param warmUpSeconds how long each subject ran before
   * @param full whether the sizes were those of the goals, not tiny ones that try the code
   */
  public record Settings(int forks, int rounds, double warmUpSeconds, boolean full) {}

  /** Copies the lists. */
  public Report {
    rows = List.copyOf(rows);
    points = List.copyOf(points);
  }

  /** How many rows have that verdict. */
  public long count(Verdict verdict) {
    return rows.stream().filter(row -> row.verdict() == verdict).count();
  }

  /** Whether not one number was measured. */
  public boolean nothingMeasured() {
    return rows.stream()
        .allMatch(row -> row.value() == null && row.verdict() == Verdict.NOT_MEASURED);
  }

  /** The median of a figure over all rows that have it, or 0. */
  public double figure(String name, int threads) {
    List<Double> all = new ArrayList<>();
    for (Row row : rows) {
      Double figure = row.figure(name);
      if (row.threads() == threads && figure != null) {
        all.add(figure);
      }
    }
    return all.isEmpty() ? 0 : Statistics.median(all);
  }

  /** The most threads of any row. */
  public int mostThreads() {
    return rows.stream().mapToInt(Row::threads).max().orElse(1);
  }
}
