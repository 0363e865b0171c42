package dev.assay.mechanism.learned;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** The algorithm in both readings, its ablations, and its parts in other modes. */
final class AdaptiveSparseAttentionCases {
  private static final String NEAR = "generator=local=2,globals=1";

  private AdaptiveSparseAttentionCases() {}

  static List<Case> all() {
    return List.of(
        drawn(4460, "precise", NEAR).qkv(1, 2, 2, 6, 6, 4, 4).without("d_lse").build(),
        start(4461, "literal", "reading=LITERAL", "causal=true")
            .draw("mlp_w1", Shape.of(3))
            .draw("mlp_b1", Shape.of(3))
            .draw("mlp_w2", Shape.of(3))
            .draw("mlp_b2", Shape.of(1))
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .without("d_lse")
            .build(),
        drawn(
                4462,
                "causal-zero-sum",
                NEAR + ",temperature=1",
                "optimizer=mode=P_ZEROSUM",
                "causal=true")
            .qkv(1, 2, 1, 6, 6, 4, 4)
            .without("d_lse")
            .build(),
        drawn(4463, "logit", NEAR, "optimizer=mode=P_LOGIT", "causal=true")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .build(),
        drawn(4464, "without-cao", NEAR, "variant=WITHOUT_CAO", "causal=true")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .build(),
        drawn(4465, "without-lspg", NEAR + ",budget=0.4", "variant=WITHOUT_LSPG", "causal=true")
            .qkv(1, 2, 2, 8, 8, 4, 4)
            .without("d_lse")
            .remark("as many keys in each row as the generator would select")
            .build(),
        drawn(4466, "blocks-soft", NEAR + ",level=BLOCK,size=2,maskMode=LOG_SOFT")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        drawn(4467, "detached", NEAR + ",gate=DETACH,budget=0.5", "causal=true")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        drawn(4468, "lengths-and-empty-row", NEAR, "causal=true")
            .qkv(2, 2, 2, 5, 5, 4, 4)
            .without("d_lse")
            .give("q_lens", 5, 3)
            .give("k_lens", 5, 3)
            .give("mask", KeepMask.where(Shape.of(1, 1, 5, 5), x -> x[2] != 1))
            .build(),
        drawn(4469, "given", NEAR)
            .qkv(1, 2, 2, 4, 4, 4, 4)
            .without("d_lse")
            .give("selected", KeepMask.where(Shape.of(1, 2, 4, 4), x -> (x[2] + x[3]) % 2 == x[1]))
            .give("global_columns", KeepMask.where(Shape.of(1, 2, 1, 4), x -> x[3] == x[1]))
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        drawn(
                4479,
                "long",
                "generator=level=BLOCK,size=64,globals=1,budget=0.25,gate=DETACH",
                "variant=WITHOUT_CAO",
                "causal=true")
            .qkv(1, 2, 2, 1024, 1024, 4, 4)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder start(int id, String name, String... settings) {
    return Case.of(id, name, AdaptiveSparseAttention.class, settings)
        .give("beta", Tensor.of(Shape.of(1), 0.25))
        .draw("phi_w1", Shape.of(3, PairFeatures.COUNT))
        .draw("phi_b1", Shape.of(3))
        .draw("phi_w2", Shape.of(1, 3))
        .draw("phi_b2", Shape.of(1));
  }

  /** Two heads of four channels, and the parameters of the precise generator. */
  private static CaseBuilder drawn(int id, String name, String... settings) {
    return start(id, name, settings)
        .draw("w_score", Shape.of(2))
        .draw("w_threshold", Shape.of(2, 6), Distribution.BELL, CaseBuilder.UNIT - 1)
        .draw("a_global", Shape.of(2, 4));
  }
}
