package dev.assay.bench.headline;

import dev.assay.bench.report.Point;
import dev.assay.bench.report.Spread;
import dev.assay.bench.report.Statistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An experiment on a number of threads, and what its JVMs measured. */
final class Trial {
  private final Experiment experiment;
  private final int threads;
  private final @Nullable String obstacle;
  private final List<Sample> samples = new ArrayList<>();
  private String failure = "";

  /**
   * A trial.
   *
   * @param obstacle why it cannot be run, or null
   */
  Trial(Experiment experiment, int threads, @Nullable String obstacle) {
    this.experiment = experiment;
    this.threads = threads;
    this.obstacle = obstacle;
  }

  Experiment experiment() {
    return experiment;
  }

  int threads() {
    return threads;
  }

  @Nullable String obstacle() {
    return obstacle;
  }

  /** What went wrong in a JVM; empty if nothing did. */
  String failure() {
    return failure;
  }

  /** Runs it in one more JVM. */
  void run(Fork fork) throws IOException, InterruptedException {
    try {
      add(fork.run(experiment, threads));
    } catch (Fork.FailedException failed) {
      failure = String.valueOf(failed.getMessage());
    }
  }

  /** Takes what a JVM measured. */
  void add(Sample sample) {
    samples.add(sample);
    failure = sample.wrong();
  }

  /** A number of all JVMs. */
  Spread spread(String name) {
    return Spread.of(
        samples.stream()
            .map(s -> Objects.requireNonNull(((Map<String, Double>) s.values()).get(name), name))
            .toList());
  }

  /** All numbers, each the median of the JVMs. */
  SequencedMap<String, Double> medians() {
    SequencedMap<String, Double> medians = new LinkedHashMap<>();
    samples
        .getFirst()
        .values()
        .sequencedKeySet()
        .forEach(name -> medians.put(name, spread(name).median()));
    return medians;
  }

  /** All points of plots, each at the medians of the JVMs. */
  List<Point> points() {
    List<Point> points = new ArrayList<>();
    if (samples.isEmpty() || !failure.isEmpty()) {
      return points;
    }
    List<Point> first = samples.getFirst().points();
    for (int p = 0; p < first.size(); p++) {
      Point point = first.get(p);
      points.add(new Point(point.plot(), point.series(), median(p, Point::x), median(p, Point::y)));
    }
    return points;
  }

  private double median(int p, Function<Point, Double> coordinate) {
    return Statistics.median(
        samples.stream().map(s -> coordinate.apply(s.points().get(p))).toList());
  }
}
