package dev.assay.cli.docs;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The pairs of one head of a case in characters, a letter for each kind of rule. */
final class PatternSketch {
  private static final int MOST_TOKENS = 32;

  private PatternSketch() {}

  /** Rows are queries, columns keys; of the first head in which anything is attended. */
  static String of(Case problem) {
    Map<String, Tensor> tensors = problem.tensors();
    Inputs inputs = Evaluation.define(problem.mechanism(), tensors).inputs();
    Mechanism.Rules rules = problem.mechanism().rules(inputs);
    int heads = inputs.var("q").shape().extent(1);
    int queries = inputs.var("q").shape().extent(2);
    // Where queries are keys too, there is no tensor k.
    int keys = inputs.var(inputs.has("k") ? "k" : "q").shape().extent(2);
    for (int h = 0; h < heads; h++) {
      Map<String, Character> letters = new LinkedHashMap<>();
      StringBuilder drawn = new StringBuilder();
      for (int i = 0; i < Math.min(queries, MOST_TOKENS); i++) {
        for (int j = 0; j < Math.min(keys, MOST_TOKENS); j++) {
          drawn.append(letter(letters, rules.of(0, h, i, j)));
        }
        drawn.append('\n');
      }
      if (!letters.isEmpty()) {
        letters.forEach(
            (kind, letter) -> drawn.append(letter).append("  ").append(kind).append('\n'));
        return drawn.toString();
      }
    }
    return "nothing is attended\n";
  }

  private static char letter(Map<String, Character> letters, String rule) {
    if (rule.equals(Mechanism.NOT_ATTENDED)) {
      return '.';
    }
    String kind = rule.split(":", 2)[0];
    letters.putIfAbsent(kind, (char) ('a' + letters.size()));
    return Objects.requireNonNull(letters.get(kind));
  }
}
