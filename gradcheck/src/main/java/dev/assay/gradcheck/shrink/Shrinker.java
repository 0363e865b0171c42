package dev.assay.gradcheck.shrink;

import dev.assay.gradcheck.bound.Bounds.Reference;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.stage.Attribution;
import dev.assay.gradcheck.stage.Stage;
import dev.assay.gradcheck.stage.Stages;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.TensorSpec;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes a failing case smaller as long as the same stage is wrong: fewer tensors, batch entries,
 * heads, tokens and channels, plainer settings, and then numbers that are small and whole. Whatever
 * is taken away, what is right is computed anew.
 */
public final class Shrinker {
  private static final int MOST_TRIALS = 4000;
  private static final List<String> AXES = List.of("B", "n_q", "n_k", "n", "d", "d_v", "H_kv", "H");

  /** Numbers that tensors of more elements hold are only changed together. */
  private static final int FEW = 64;

  private final GoldenCase original;
  private final Trial trial;
  private @Nullable Stage stage;
  private Draft smallest;
  private int trials;
  private boolean shrunken;

  /**
   * What is left.
   *
   * @param golden the smallest case that was found
   * @param compared the results for it
   * @param stage the stage that is wrong in it
   * @param trials how often something was run
   */
  public record Shrunk(
      GoldenCase golden, List<Comparison> compared, Attribution stage, int trials) {}

  private Shrinker(GoldenCase original, Trial trial) {
    this.original = original;
    this.trial = trial;
    this.smallest = Draft.of(original);
  }

  /** The smallest relative of a case that still fails; empty if the case passes. */
  public static Optional<Shrunk> of(GoldenCase golden, Trial trial) {
    return new Shrinker(golden, trial).run();
  }

  private Optional<Shrunk> run() {
    Optional<Attribution> first = Stages.of(original, trial.compared(original));
    if (first.isEmpty()) {
      return Optional.empty();
    }
    stage = first.get().stage();
    boolean shrunk = true;
    while (shrunk && trials < MOST_TRIALS) {
      shrunk = tensors();
      for (String axis : AXES) {
        shrunk |= axis(axis);
      }
      shrunk |= heads();
      shrunk |= settings();
    }
    for (String name : smallest.numbers()) {
      numbers(name);
    }
    GoldenCase golden = shrunken ? smallest.golden(original) : original;
    List<Comparison> compared =
        trial.compared(golden, shrunken ? Reference.COMPUTED : Reference.PROVEN);
    return Stages.of(golden, compared).map(found -> new Shrunk(golden, compared, found, trials));
  }

  /** Takes a change if the case still makes sense and the same stage is wrong. */
  private boolean take(UnaryOperator<Draft> change) {
    if (trials >= MOST_TRIALS) {
      return false;
    }
    trials++;
    try {
      Draft smaller = change.apply(smallest);
      GoldenCase golden = smaller.golden(original);
      Optional<Attribution> found = Stages.of(golden, trial.compared(golden, Reference.COMPUTED));
      if (found.isPresent() && found.get().stage() == stage) {
        smallest = smaller;
        shrunken = true;
        return true;
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException senseless) {
      return false;
    }
    return false;
  }

  private boolean tensors() {
    boolean shrunk = false;
    for (String name : List.copyOf(smallest.inputs().keySet())) {
      boolean required =
          smallest.mechanism().tensors().stream()
              .filter(spec -> spec.name().equals(name))
              .anyMatch(TensorSpec::required);
      shrunk |= !required && take(draft -> draft.without(name));
    }
    return shrunk;
  }

  /** Takes runs of indices away, long ones first. */
  private boolean axis(String symbol) {
    if (symbol.startsWith("H") && smallest.extent("H") != smallest.extent("H_kv")) {
      return false;
    }
    boolean shrunk = false;
    for (int length = smallest.extent(symbol) / 2; length >= 1; length /= 2) {
      for (int from = smallest.extent(symbol) - length; from >= 0; from -= length) {
        int begin = from;
        int end = from + length;
        shrunk |= smallest.extent(symbol) > length && take(draft -> cut(draft, symbol, begin, end));
      }
    }
    return shrunk;
  }

  private static Draft cut(Draft draft, String symbol, int from, int to) {
    Draft fewer = draft.without(symbol, from, to);
    boolean heads = symbol.equals("H_kv") && draft.extent("H") == draft.extent("H_kv");
    return heads ? fewer.without("H", from, to) : fewer;
  }

  /** Groups of query heads: fewer of them, and fewer heads in each. */
  private boolean heads() {
    boolean shrunk = false;
    for (int g = smallest.extent("H_kv") - 1; g >= 0 && smallest.extent("H_kv") > 1; g--) {
      int at = g;
      int group = smallest.extent("H") / smallest.extent("H_kv");
      shrunk |=
          group > 1
              && take(
                  d -> d.without("H", at * group, (at + 1) * group).without("H_kv", at, at + 1));
    }
    int kvHeads = smallest.extent("H_kv");
    if (kvHeads > 0 && smallest.extent("H") > kvHeads) {
      shrunk |= take(Shrinker::firstOfEachGroup);
    }
    return shrunk;
  }

  private static Draft firstOfEachGroup(Draft draft) {
    int kvHeads = draft.extent("H_kv");
    int group = draft.extent("H") / kvHeads;
    Draft fewer = draft;
    for (int g = kvHeads - 1; g >= 0; g--) {
      fewer = fewer.without("H", g * group + 1, (g + 1) * group);
    }
    return fewer;
  }

  private boolean settings() {
    boolean shrunk = false;
    Mechanism plain = Settings.defaults(smallest.mechanism().getClass());
    for (Map.Entry<String, String> each : Settings.of(plain).entrySet()) {
      String key = each.getKey();
      String value = each.getValue();
      boolean other = !value.equals(Settings.of(smallest.mechanism()).get(key));
      shrunk |= other && take(draft -> draft.set(key, value));
    }
    return shrunk;
  }

  /** Whole numbers, as small as may be, of one tensor. */
  private void numbers(String name) {
    List<DoubleUnaryOperator> together =
        List.of(_ -> 0, _ -> 1, Math::signum, x -> Math.clamp(Math.rint(x), -3, 3), Math::rint);
    for (DoubleUnaryOperator change : together) {
      if (take(draft -> draft.map(name, change))) {
        break;
      }
    }
    Tensor tensor = smallest.inputs().getOrDefault(name, Tensor.scalar(0));
    for (int p = 0; p < tensor.size() && tensor.size() <= FEW; p++) {
      int at = p;
      double x = tensor.get(p);
      for (double value : new double[] {0, 1, Math.signum(x), Math.rint(x), Math.rint(4 * x) / 4}) {
        if (x == value || take(draft -> draft.with(name, at, value))) {
          break;
        }
      }
    }
  }
}
