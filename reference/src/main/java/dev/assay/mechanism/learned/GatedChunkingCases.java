package dev.assay.mechanism.learned;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Every granularity and mode of the gate around several ways of chunking. */
final class GatedChunkingCases {
  private static final String FIXED = "sizeRule=FIXED";

  private GatedChunkingCases() {}

  static List<Case> all() {
    return List.of(
        gate(4480, "precise").qkv(1, 2, 2, 10, 10, 4, 4).without("d_lse").build(),
        gate(
                4481,
                "literal",
                "mode=LITERAL_HARD",
                "keepAtLeast=0",
                "sizeRule=LOG2",
                "combination=SUM",
                "neighbours=EACH_SIDE",
                "tail=DROP")
            .qkv(1, 2, 2, 10, 10, 4, 4)
            .without("d_lse")
            .remark("m = 3, one token dropped")
            .build(),
        gate(4482, "straight-through", "mode=STE", FIXED, "size=3", "causal=true")
            .qkv(1, 2, 1, 8, 8, 4, 4)
            .without("d_lse")
            .build(),
        gate(4483, "prefix", "gateOver=PREFIX", FIXED, "size=3", "causal=true", "t=1")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .without("d_lse")
            .build(),
        gate(4484, "chunk", "gateOver=CHUNK", FIXED, "size=3", "combination=GATED")
            .qkv(1, 2, 2, 8, 8, 4, 4)
            .without("d_lse")
            .draw("gate_logit", Shape.of(1))
            .remark("a gate for each chunk")
            .build(),
        gate(4485, "token-learned", "gateOver=TOKEN", FIXED, "size=2", "neighbours=LEARNED", "t=1")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        gate(4486, "soft-sequential", "mode=SOFT_TRAIN", FIXED, "size=3", "combination=SEQUENTIAL")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        gate(4487, "pass-through", FIXED, "size=3", "tail=PASS_THROUGH", "t=1")
            .qkv(2, 2, 2, 5, 5, 4, 4)
            .without("d_lse")
            .give("q_lens", 5, 4)
            .give("k_lens", 5, 4)
            .build(),
        gate(4488, "given-and-poisoned", FIXED, "size=2", "causal=true")
            .qkv(1, 2, 2, 5, 5, 4, 4)
            .without("d_lse")
            .give("active", Tensor.of(Shape.of(1, 2, 1), 0, 1))
            .plant("q", Double.NaN, p -> p < 20)
            .plant("k", Double.NaN, p -> p < 20)
            .plant("v", Double.NaN, p -> p < 20)
            .plant("d_out", Double.NaN, p -> p < 20)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what lies in an inactive head reaches nothing")
            .build(),
        gate(4489, "empty-row", "gateOver=TOKEN", FIXED, "size=2", "t=0", "mode=STE")
            .qkv(1, 2, 2, 5, 5, 4, 4)
            .without("d_lse")
            .give("mask", KeepMask.where(Shape.of(1, 1, 5, 1), x -> x[2] != 2))
            .build(),
        gate(4490, "one-token", "causal=true")
            .qkv(1, 2, 2, 1, 1, 4, 4)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        Case.of(4499, "long", GatedChunking.class, "causal=true")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .without("d_lse")
            .draw("w_gate", Shape.of(8, 128))
            .roles(Role.BENCH)
            .build());
  }

  /** A gate of two heads with large weights, so that scores spread around theta. */
  private static CaseBuilder gate(int id, String name, String... settings) {
    return Case.of(id, name, GatedChunking.class, settings)
        .draw("w_gate", Shape.of(2, 8), Distribution.BELL, CaseBuilder.UNIT + 1)
        .give("b_gate", Tensor.of(Shape.of(2), 0.5, -1));
  }
}
