package dev.assay.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A goal and what was measured.
 *
 * @param experiment id of the experiment that measured it
 * @param goal the promise
 * @param threads of the engine
 * @param value the number, or null if there is none
 * @param figures medians of all that the experiment measured along with it, by name
 * @param verdict what is to be said of it
 * @param reason why there is no number; empty if there is
 */
public record Row(
    String experiment,
    Goal goal,
    int threads,
    @Nullable Spread value,
    SequencedMap<String, Double> figures,
    Verdict verdict,
    String reason) {
  /** Name of the figure that holds the time of the subject. */
  public static final String MILLIS = "millis";

  /** Name of the figure that holds the share of the multiply-add peak. */
  public static final String SHARE = "share";

  /** Name of the figure that holds how many times faster than something else the subject is. */
  public static final String RATIO = "ratio";

  /** Name of the figure that holds the multiply-add peak itself, in GFLOP/s. */
  public static final String PEAK = "peak_gflops";

  /** Name of the figure that holds the rate of a copy loop, in GB/s. */
  public static final String BANDWIDTH = "bandwidth_gbs";

  /** Copies the map. */
  public Row {
    figures = new LinkedHashMap<>(figures);
  }

  /** A measured row. */
  public static Row measured(
      String experiment, Goal goal, int threads, Spread value, Map<String, Double> figures) {
    return new Row(
        experiment,
        goal,
        threads,
        value,
        new LinkedHashMap<>(figures),
        goal.judge(value.median()),
        "");
  }

  /** A row that has no number, for a reason that is or is not a failure. */
  public static Row without(
      String experiment, Goal goal, int threads, Verdict verdict, String reason) {
    return new Row(experiment, goal, threads, null, new LinkedHashMap<>(), verdict, reason);
  }

  /** A figure, or null. */
  public @Nullable Double figure(String name) {
    return figures.get(name);
  }
}
