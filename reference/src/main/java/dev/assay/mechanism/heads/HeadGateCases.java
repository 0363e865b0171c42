package dev.assay.mechanism.heads;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Both readings, all modes and granularities, and heads on either side of the threshold. */
final class HeadGateCases {
  private HeadGateCases() {}

  static List<Case> all() {
    return List.of(
        gate(1401, "precise").build(),
        gate(1402, "figure-3", "reading=FIGURE_3").remark("an inactive head gives mean v").build(),
        gate(1403, "hard", "mode=LITERAL_HARD").build(),
        gate(1404, "straight-through", "mode=STE")
            .remark("its gradient is that of the surrogate g = s")
            .build(),
        gate(1405, "soft-train", "mode=SOFT_TRAIN").build(),
        gate(1406, "causal", "causal=true").build(),
        gate(1407, "prefix", "granularity=PREFIX", "causal=true").build(),
        gate(1408, "token", "granularity=TOKEN").build(),
        gate(1409, "token-straight-through", "granularity=TOKEN", "mode=STE", "causal=true")
            .build(),
        gate(1410, "figure-3-token", "reading=FIGURE_3", "granularity=TOKEN", "causal=true")
            .build(),
        gate(1411, "theta-zero", "theta=0").remark("every head is active").build(),
        gate(1412, "all-off-but-one", "theta=1").remark("keepAtLeast saves the best head").build(),
        gate(1413, "all-off", "theta=1", "keepAtLeast=0").remark("out and gradients are 0").build(),
        start(1414, "shared-weights")
            .qkv(2, 4, 2, 5, 5, 4, 3)
            .without("d_lse")
            .draw("w_gate", Shape.of(1, 8))
            .give("b_gate", Tensor.of(Shape.of(1), -1))
            .build(),
        start(1415, "cross", "theta=0.5")
            .qkv(1, 3, 3, 4, 7, 4, 4)
            .without("d_lse")
            .draw("w_gate", Shape.of(3, 8))
            .build(),
        gate(1416, "lengths", "granularity=PREFIX")
            .give("q_lens", 6, 3)
            .give("k_lens", 6, 3)
            .build(),
        gate(1417, "given-and-poisoned")
            .give("active", Tensor.of(Shape.of(2, 4, 1), 1, 0, 1, 1, 0, 1, 1, 1))
            .plant("q", Double.NaN, p -> inactive(p / 24))
            .plant("k", Double.NaN, p -> inactive(p / 24))
            .plant("v", Double.NaN, p -> inactive(p / 24))
            .plant("d_out", Double.NaN, p -> inactive(p / 24))
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what lies in an inactive head reaches nothing")
            .build(),
        gate(1418, "bias-and-mask", "causal=true")
            .draw("bias", Shape.of(1, 4, 6, 6))
            .give("mask", KeepMask.where(Shape.of(2, 1, 1, 6), x -> x[3] != x[0] + 1))
            .build(),
        start(1490, "long", "causal=true")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .without("d_lse")
            .draw("w_gate", Shape.of(8, 128))
            .roles(Role.BENCH)
            .build());
  }

  private static boolean inactive(int batchAndHead) {
    return batchAndHead == 1 || batchAndHead == 4;
  }

  private static CaseBuilder start(int id, String name, String... settings) {
    return Case.of(id, name, HeadGate.class, settings);
  }

  /** Two batch entries of four heads with large weights, so that scores spread around theta. */
  private static CaseBuilder gate(int id, String name, String... settings) {
    return start(id, name, settings)
        .qkv(2, 4, 4, 6, 6, 4, 4)
        .without("d_lse")
        .draw("w_gate", Shape.of(4, 8), dev.assay.tensor.Distribution.BELL, CaseBuilder.UNIT + 2)
        .give("b_gate", Tensor.of(Shape.of(4), -1, 0.5, -2, 1));
  }
}
