package dev.assay.mechanism.heads;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** All gates with and without levels, k from none to all, and heads that share keys. */
final class MohCases {
  private MohCases() {}

  static List<Case> all() {
    return List.of(
        levels(3551, "precise", "shared=2").remark("two shared heads, one of two routed").build(),
        levels(3552, "formula", "shared=2", "gates=FORMULA").build(),
        routed(3553, "by-lengths", 4, "shared=2", "gates=HARD", "causal=true")
            .without("x")
            .without("w_routed")
            .remark("the router is the length of the query; no gate")
            .build(),
        routed(3554, "no-shared", 2).build(),
        routed(3555, "two-of-two", 2, "taken=3", "causal=true")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("more are wanted than there are")
            .build(),
        routed(3556, "none", 2, "taken=0")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("out and gradients are 0")
            .build(),
        start(3557, "all-shared", "shared=2")
            .qkv(1, 2, 2, 5, 5, 4, 3)
            .without("d_lse")
            .draw("x", Shape.of(1, 5, 3))
            .draw("w_shared", Shape.of(2, 3))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("gates alone, no routing")
            .build(),
        start(3558, "shared-keys", "shared=1", "taken=2")
            .qkv(1, 4, 2, 4, 6, 4, 3)
            .without("d_lse")
            .draw("x", Shape.of(1, 4, 3))
            .draw("w_routed", Shape.of(3, 3))
            .build(),
        routed(3559, "given", 2, "gates=FORMULA")
            .give("active", Tensor.of(Shape.of(1, 2, 5), 1, 0, 1, 1, 0, 0, 0, 1, 0, 0))
            .remark("tokens 1 and 4 take no head, token 2 takes both")
            .build(),
        start(3560, "lengths", "causal=true")
            .qkv(2, 2, 2, 4, 4, 2, 2)
            .without("d_lse")
            .draw("x", Shape.of(2, 4, 3))
            .draw("w_routed", Shape.of(2, 3))
            .give("q_lens", 4, 2)
            .give("k_lens", 4, 3)
            .plant("x", Double.NaN, p -> p / 3 >= 4 + 2)
            .plant("d_out", Double.NaN, p -> p >= 16 && p / 2 % 4 >= 2)
            .roles(Role.GOLDEN, Role.PARITY)
            .build(),
        routed(3561, "bias-and-mask", 2, "causal=true")
            .draw("bias", Shape.of(1, 2, 5, 5))
            .give("mask", KeepMask.where(Shape.of(1, 1, 5, 5), at -> at[2] != 3 && at[3] != 1))
            .remark("query 3 meets nothing, whatever it takes")
            .build(),
        start(3590, "long", "shared=2", "taken=3", "causal=true")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .without("d_lse")
            .draw("x", Shape.of(1, 2048, 64))
            .draw("w_routed", Shape.of(6, 64))
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder start(int id, String name, String... settings) {
    return Case.of(id, name, Moh.class, settings);
  }

  private static CaseBuilder routed(int id, String name, int heads, String... settings) {
    return start(id, name, settings)
        .qkv(1, heads, heads, 5, 5, 4, 3)
        .without("d_lse")
        .draw("x", Shape.of(1, 5, 3))
        .draw("w_routed", Shape.of(heads, 3));
  }

  private static CaseBuilder levels(int id, String name, String... settings) {
    return start(id, name, settings)
        .qkv(1, 4, 4, 5, 5, 4, 3)
        .without("d_lse")
        .draw("x", Shape.of(1, 5, 3))
        .draw("w_routed", Shape.of(2, 3))
        .draw("w_shared", Shape.of(2, 3))
        .draw("w_level", Shape.of(2, 3));
  }
}
