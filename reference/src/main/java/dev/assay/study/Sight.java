package dev.assay.study;

import dev.assay.engine.AttentionRows;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Mechanism.Rules;
import dev.assay.mechanism.Observation;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One attention of a mechanism to look at: the weights that queries give to keys, and for each pair
 * the rule that lets it exist.
 *
 * @param name what it is, for instance "softmax 1 of 2"; empty where there is only one softmax
 * @param rows the weights
 * @param rules why; its indices are those of {@code rows}
 */
public record Sight(String name, AttentionRows rows, Rules rules) {
  /** The kind of pairs in a softmax over means of tokens, beside others over tokens. */
  public static final String POOLED = "pooled tokens";

  /** The kind of pairs that no rule names, but whose value arrives: through means, for instance. */
  public static final String INDIRECT = "indirect";

  /** What of a mechanism is looked at. */
  public enum Of {
    /** The softmaxes, if one of them is over the tokens themselves; otherwise the output. */
    AUTO,
    /** Every softmax over queries and keys, in order, or what stands in for it. */
    SOFTMAXES,
    /** What the value of each token counts for in the output: {@link ValueWeights}. */
    OUTPUT
  }

  /**
   * What there is to look at on given tensors; empty only where there is no softmax and the
   * softmaxes were asked for.
   *
   * @throws IllegalArgumentException if the output is asked for and is not linear in the values
   */
  public static List<Sight> of(Mechanism mechanism, Map<String, Tensor> tensors, Of of) {
    Observation seen = Observation.of(mechanism, tensors);
    Rules rules = mechanism.rules(seen.inputs());
    Shape q = seen.inputs().var("q").shape();
    int keys = seen.inputs().var(seen.inputs().has("k") ? "k" : "q").shape().extent(2);
    List<AttentionRows> softmaxes = seen.softmaxes();
    boolean direct = softmaxes.stream().anyMatch(rows -> isOver(rows, q.extent(2), keys));
    boolean longer = softmaxes.stream().anyMatch(rows -> rows.keys() > keys);
    boolean output = of == Of.OUTPUT || (of == Of.AUTO && !direct && !longer);
    if (output) {
      ValueWeights weights = ValueWeights.of(mechanism, tensors);
      return List.of(
          new Sight("output", weights, longer ? (_, _, _, _) -> INDIRECT : named(rules)));
    }
    List<Sight> sights = new ArrayList<>();
    for (AttentionRows rows : softmaxes) {
      String name =
          softmaxes.size() == 1
              ? ""
              : "softmax %d of %d".formatted(sights.size() + 1, softmaxes.size());
      boolean pooled = direct && !isOver(rows, q.extent(2), keys);
      sights.add(new Sight(name, rows, pooled ? (_, _, _, _) -> POOLED : rules));
    }
    return sights;
  }

  private static boolean isOver(AttentionRows rows, int queries, int keys) {
    return rows.queries() == queries && rows.keys() == keys;
  }

  private static Rules named(Rules rules) {
    return (b, h, i, j) -> {
      String rule = rules.of(b, h, i, j);
      return rule.equals(Mechanism.NOT_ATTENDED) ? INDIRECT : rule;
    };
  }
}
