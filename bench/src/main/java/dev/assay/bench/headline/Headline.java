package dev.assay.bench.headline;

import dev.assay.bench.PeerKernel;
import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Machine;
import dev.assay.bench.report.Point;
import dev.assay.bench.report.Report;
import dev.assay.bench.report.Report.Settings;
import dev.assay.bench.report.Row;
import dev.assay.bench.report.Verdict;
import dev.assay.check.Require;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the headline suite: every experiment in several JVMs, spread over the whole run so that a
 * machine's slow quarter of an hour does not hit one of them alone.
 *
 * @param threads numbers of threads; what is run on one number only takes the largest
 * @param forks JVMs for each experiment and number of threads
 * @param rounds interleaved rounds in each
 * @param warmUpSeconds how long each task runs before
 * @param only experiments to run; empty for all
 * @param sizes how large the problems are
 * @param progress is told what begins
 */
public record Headline(
    List<Integer> threads,
    int forks,
    int rounds,
    double warmUpSeconds,
    List<String> only,
    Sizes sizes,
    Consumer<String> progress) {
  /** Checks the numbers. */
  public Headline {
    threads = threads.stream().sorted().distinct().toList();
    only = List.copyOf(only);
    Require.argument(!threads.isEmpty(), "--threads lists no number");
    threads.forEach(count -> Require.positive(count, "--threads"));
    Require.positive(forks, "--forks");
    Require.positive(rounds, "--rounds");
    Require.argument(
        warmUpSeconds >= 0 && warmUpSeconds < 1e6,
        "--warm-up is %s: it must be a number of seconds",
        warmUpSeconds);
    Experiments.chosen(only, sizes);
  }

  /**
   * Runs everything.
   *
   * @param command how to run it again, for the report
   */
  public Report run(String command) throws IOException, InterruptedException {
    List<Trial> trials = trials();
    for (int fork = 0; fork < forks; fork++) {
      for (Trial trial : trials) {
        if (trial.obstacle() == null && trial.failure().isEmpty()) {
          progress.accept(
              "%s, %s, JVM %d of %d"
                  .formatted(trial.experiment().id(), counted(trial.threads()), fork + 1, forks));
          trial.run(new Fork(sizes, rounds, warmUpSeconds));
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    List<Point> points = new ArrayList<>();
    int most = Collections.max(threads);
    for (Trial trial : trials) {
      rows.addAll(rows(trial));
      if (trial.threads() == most) {
        points.addAll(trial.points());
      }
    }
    return new Report(
        command,
        Machine.here(),
        new Settings(forks, rounds, warmUpSeconds, sizes == Sizes.FULL),
        rows,
        points);
  }

  private static String counted(int threads) {
    return threads + (threads == 1 ? " thread" : " threads");
  }

  private List<Trial> trials() {
    List<Trial> trials = new ArrayList<>();
    for (Experiment experiment : Experiments.chosen(only, sizes)) {
      List<Integer> counts =
          experiment.onEveryThreadCount() ? threads : List.of(Collections.max(threads));
      for (int count : counts) {
        trials.add(new Trial(experiment, count, obstacle(experiment)));
      }
    }
    return trials;
  }

  private static @Nullable String obstacle(Experiment experiment) {
    String peer = experiment.peer();
    if (peer != null && PeerKernel.find(peer) == null) {
      return peer + " is not loaded: ./assay --with peers bench";
    }
    return experiment.obstacle();
  }

  private static List<Row> rows(Trial trial) {
    List<Row> rows = new ArrayList<>();
    for (Goal goal : trial.experiment().goals(trial.threads())) {
      rows.add(row(trial, goal));
    }
    return rows;
  }

  private static Row row(Trial trial, Goal goal) {
    String id = trial.experiment().id();
    String obstacle = trial.obstacle();
    if (obstacle != null) {
      return Row.without(id, goal, trial.threads(), Verdict.NOT_MEASURED, obstacle);
    }
    if (!trial.failure().isEmpty()) {
      return Row.without(id, goal, trial.threads(), Verdict.MISSED, trial.failure());
    }
    return Row.measured(id, goal, trial.threads(), trial.spread(goal.value()), trial.medians());
  }
}
