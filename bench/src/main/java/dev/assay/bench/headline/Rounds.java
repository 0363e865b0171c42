package dev.assay.bench.headline;

import dev.assay.bench.report.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * Times of several tasks that took turns, each turn beside a measurement of the multiply-add peak.
 * Shares and ratios are formed within a round and their median taken afterwards: a machine that is
 * slower in one round is so for all that is compared.
 */
final class Rounds {
  /** A fast task is run again within a turn, for about this long. */
  private static final long TURN_NANOS = 400_000_000;

  private static final double NANOS = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * A task's turn in a round.
   *
   * @param millis median time of its runs
   * @param peak multiply-add peak just before, in GFLOP/s
   */
  record Turn(double millis, double peak) {}

  private final SequencedMap<String, List<Turn>> turns = new LinkedHashMap<>();

  Rounds(SequencedMap<String, List<Turn>> turns) {
    this.turns.putAll(turns);
  }

  /**
   * Warms all tasks up, then gives each its turn in every round.
   *
   * @param peak measures the multiply-add peak
   */
  static Rounds run(
      SequencedMap<String, Runnable> tasks, int rounds, double warmUpSeconds, DoubleSupplier peak) {
    SequencedMap<String, List<Turn>> turns = new LinkedHashMap<>();
    tasks.forEach((name, task) -> repeat(task, (long) (warmUpSeconds * NANOS)));
    for (int round = 0; round < rounds; round++) {
      tasks.forEach(
          (name, task) -> {
            double now = peak.getAsDouble();
            double millis = Statistics.median(repeat(task, TURN_NANOS));
            turns.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Turn(millis, now));
          });
    }
    return new Rounds(turns);
  }

  private static List<Double> repeat(Runnable task, long nanos) {
    List<Double> millis = new ArrayList<>();
    long spent = 0;
    do {
      long start = System.nanoTime();
      task.run();
      long once = System.nanoTime() - start;
      millis.add(once / NANOS_PER_MILLI);
      spent += once;
    } while (spent < nanos);
    return millis;
  }

  /** Time of a task. */
  double millis(String name) {
    return Statistics.median(of(name).stream().map(Turn::millis).toList());
  }

  /** Billions of operations a second. */
  double gigaflops(String name, double flops) {
    return flops / millis(name) / NANOS_PER_MILLI;
  }

  /** Share of the multiply-add peak that a task of so many operations reaches. */
  double share(String name, double flops) {
    return Statistics.median(
        of(name).stream()
            .map(turn -> flops / turn.millis() / NANOS_PER_MILLI / turn.peak())
            .toList());
  }

  /** How many times longer {@code slow} takes than {@code fast}. */
  double ratio(String slow, String fast) {
    List<Turn> above = of(slow);
    List<Turn> below = of(fast);
    return Statistics.median(
        IntStream.range(0, above.size())
            .mapToObj(round -> above.get(round).millis() / below.get(round).millis())
            .toList());
  }

  /** The multiply-add peak of all turns, in GFLOP/s. */
  double peak() {
    return Statistics.median(
        turns.values().stream().flatMap(List::stream).map(Turn::peak).toList());
  }

  private List<Turn> of(String name) {
    return Objects.requireNonNull(((Map<String, List<Turn>>) turns).get(name), name);
  }
}
