package dev.assay.mechanism.learned;

import dev.assay.mechanism.Given;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import java.util.List;

/** What {@link Lspg} reads; each parameter starts where its absence leaves it. */
final class LspgTensors {
  private LspgTensors() {}

  static List<TensorSpec> all() {
    return Given.qkvAnd(
        parameter("w_score", "[H|1]", "Weight of the standardised score; 1 if absent."),
        parameter("r_distance", "[H|1, 32]", "Added by bucket of distance; 0 if absent."),
        parameter(
            "w_threshold",
            "[H|1, 6]",
            "Threshold by 1, mean, deviation, maximum, log(1 + n_i), progress; 0 if absent."),
        parameter("a_global", "[H, d]", "Direction of important keys; needed if globals > 0."),
        parameter("local_gate", "[H|1]", "Logit of the local level; always on if absent."),
        parameter("global_gate", "[H|1]", "Logit of the global level; always on if absent."),
        parameter("mlp_w1", "[hidden]", "With reading LITERAL, which needs it: first weights."),
        parameter("mlp_b1", "[hidden]", "With reading LITERAL: first offsets."),
        parameter("mlp_w2", "[hidden]", "With reading LITERAL: second weights."),
        parameter("mlp_b2", "[1]", "With reading LITERAL: second offset."),
        Given.choice(
            "selected",
            "[B, H, R, C]",
            "1 where content selects, over tokens or blocks, instead of choosing."),
        Given.choice(
            "global_columns",
            "[B, H, 1 or R, C]",
            "1 where a column is global, instead of choosing; a row each with causality."),
        Given.MASK,
        Given.Q_LENS,
        Given.K_LENS,
        Given.OFFSET);
  }

  private static TensorSpec parameter(String name, String shape, String meaning) {
    return new TensorSpec(name, shape, Kind.PARAMETER, false, meaning);
  }
}
