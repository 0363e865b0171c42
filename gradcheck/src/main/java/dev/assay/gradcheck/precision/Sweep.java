package dev.assay.gradcheck.precision;

import dev.assay.mechanism.Evaluation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * Errors while one thing changes and all else stays.
 *
 * @param against what changes
 * @param values what it becomes, rising
 */
public record Sweep(Axis against, List<Double> values) {
  /** What may change. */
  public enum Axis {
    /** Tokens. */
    N("tokens n"),
    /** Channels. */
    D("channels d"),
    /** The factor of q. */
    RANGE("factor of q"),
    /** Terms a block of the machine. */
    BLOCK("terms a block");

    private final String title;

    Axis(String title) {
      this.title = title;
    }

    /** What an axis of a plot says. */
    public String title() {
      return title;
    }

    /** The name on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The usual values. */
  public static Sweep usual(Axis axis) {
    return new Sweep(
        axis,
        switch (axis) {
          case N -> List.of(64.0, 128.0, 256.0, 512.0, 1024.0);
          case D -> List.of(8.0, 16.0, 32.0, 64.0, 128.0, 256.0);
          case RANGE -> List.of(0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0);
          case BLOCK -> List.of(1.0, 4.0, 16.0, 64.0, 256.0);
        });
  }

  /** What a table says of a value. */
  public static String label(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  /**
   * Curves of all machines and results, results of the first machine first.
   *
   * @param progress is told what is done, one evaluation at a time
   */
  public List<Curve> run(Setup setup, List<Machine> machines, Consumer<String> progress) {
    SequencedMap<Machine, SequencedMap<String, List<Curve.Point>>> found = new LinkedHashMap<>();
    for (double value : values) {
      Map<NumberFormat, Evaluation> recorded = new LinkedHashMap<>();
      for (Machine machine : machines) {
        Errors.of(
                recorded.computeIfAbsent(machine.storage(), s -> at(setup, value).recorded(s)),
                at(machine, value),
                setup.seed())
            .forEach(
                (tensor, errors) ->
                    found
                        .computeIfAbsent(machine, _ -> new LinkedHashMap<>())
                        .computeIfAbsent(tensor, _ -> new ArrayList<>())
                        .add(new Curve.Point(value, errors)));
        progress.accept(against + " = " + label(value));
      }
    }
    List<Curve> curves = new ArrayList<>();
    found.forEach(
        (machine, tensors) ->
            tensors.forEach(
                (tensor, points) -> curves.add(new Curve(against, machine, tensor, points))));
    return curves;
  }

  private Setup at(Setup setup, double value) {
    return switch (against) {
      case N -> setup.with((int) value, setup.depth(), setup.range());
      case D -> setup.with(setup.tokens(), (int) value, setup.range());
      case RANGE -> setup.with(setup.tokens(), setup.depth(), value);
      case BLOCK -> setup;
    };
  }

  private Machine at(Machine machine, double value) {
    return against == Axis.BLOCK ? machine.withBlock((int) value) : machine;
  }
}
