package dev.assay.mechanism.learned;

import dev.assay.mechanism.Given;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import java.util.List;

/** What {@link AdaptiveSparseBlock} reads. */
final class AdaptiveSparseBlockTensors {
  private AdaptiveSparseBlockTensors() {}

  static List<TensorSpec> all() {
    return Given.qkvAnd(
        parameter("w_gate_q", "[H|1, d, d_g]", false, "Of mean queries; if absent d_g is d."),
        parameter(
            "w_gate_k", "[H|1, 3 d, d_g]", true, "Of maximum, minimum and mean of a block's keys."),
        parameter("w_gate", "[H|1, 2 d]", false, "Weights of the gate of heads, if there is one."),
        parameter("b_gate", "[H|1]", false, "Its offsets; 0 if absent."),
        new TensorSpec(
            "out_gate",
            "[B, H, n_q]",
            Kind.INPUT,
            false,
            "Logits of a gate of each output row, if there is one."),
        Given.choice("blocks", "[B, H, N_q, N_k]", "1 where a block is met, instead of choosing."),
        Given.choice("active", "[B, H, 1 or n_q]", "Which heads are active, instead of choosing."),
        Given.choice("protected", "[B|1, n_k]", "1 for keys whose blocks are always met."),
        Given.MASK,
        Given.Q_LENS,
        Given.K_LENS);
  }

  private static TensorSpec parameter(String name, String shape, boolean required, String what) {
    return new TensorSpec(name, shape, Kind.PARAMETER, required, what);
  }
}
