package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.headGate;
import static dev.assay.gradcheck.golden.Literals.list;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * Heads that are switched off as a whole; offsets in b_gate put two of four below the threshold.
 */
final class HeadGateCases {
  private HeadGateCases() {}

  static Family family() {
    return new Family(
        "gates",
        List.of(
            Draft.of(
                gated(15006, "none-active", "theta=0.9375").give("b_gate", offsets(-8, -8, -8, -8)),
                "No score reaches the threshold: the best head is kept.",
                "HeadGate"),
            Draft.of(
                gated(15007, "lengths").give("q_lens", list(9, 4)).give("k_lens", list(7, 9)),
                "Means over valid tokens only.",
                "HeadGate",
                "Lengths"),
            Draft.of(
                Case.of(15008, "bf16-gqa", headGate())
                    .dtype(DType.BF16)
                    .qkv(1, 4, 2, 9, 9, 4, 4)
                    .without("d_lse")
                    .draw("w_gate", Shape.of(4, 8))
                    .give("b_gate", offsets(2, -6, 2, -6)),
                "A gate of query heads over shared keys, in bfloat16.",
                "HeadGate",
                "GQA")));
  }

  private static CaseBuilder gated(int id, String name, String... settings) {
    return Case.of(id, name, headGate(settings))
        .qkv(2, 4, 4, 9, 9, 4, 4)
        .without("d_lse")
        .draw("w_gate", Shape.of(4, 8))
        .give("b_gate", offsets(2, -6, 2, -6));
  }

  private static Tensor offsets(double... values) {
    return Tensor.of(Shape.of(values.length), values);
  }
}
