package dev.assay.mechanism.hashed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Both measures and averages, shared heads, given tables, and u around n. */
final class InformerCases {
  private InformerCases() {}

  static List<Case> all() {
    return List.of(
        heads(3401, "precise", "factor=1").remark("3 of 8 queries attend").build(),
        heads(3402, "causal", "factor=1", "causal=true")
            .remark("lazy rows are sums of values, not means")
            .build(),
        heads(3403, "causal-mean", "factor=1", "causal=true", "lazy=MEAN", "sample=VISIBLE")
            .build(),
        heads(3404, "mean-of-the-sample", "factor=1", "measure=SAMPLE", "seed=3").build(),
        heads(3405, "dense", "factor=5")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("u is beyond n: every query attends")
            .build(),
        start(3406, "cross", "factor=1")
            .qkv(1, 4, 2, 5, 9, 4, 3)
            .without("d_lse")
            .remark("query heads share keys and values")
            .build(),
        heads(3407, "given-queries", "factor=1", "causal=true", "lazy=MEAN")
            .give("idx", Tensor.of(Shape.of(1, 2, 3), 5, 0, -1, -1, -1, -1))
            .remark("no query of the second head attends")
            .build(),
        heads(3408, "given-sample", "factor=1")
            .give("sampled", Tensor.generate(Shape.of(8, 2), p -> p < 2 ? -1 : p * 5 % 8))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("nothing was sampled for query 0, which comes last")
            .build(),
        start(3409, "lengths", "factor=1")
            .qkv(2, 1, 1, 6, 6, 3, 3)
            .without("d_lse")
            .give("q_lens", 6, 3)
            .give("k_lens", 6, 4)
            .plant("q", Double.NaN, p -> p / 3 >= 6 + 3)
            .plant("k", Double.NaN, p -> p / 3 >= 6 + 4)
            .plant("v", Double.NaN, p -> p / 3 >= 6 + 4)
            .plant("d_out", Double.NaN, p -> p / 3 >= 6 + 3)
            .roles(Role.GOLDEN, Role.PARITY)
            .build(),
        start(3410, "one-token", "causal=true")
            .qkv(2, 1, 1, 1, 1, 2, 2)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("ln 1 is 0, but one query attends")
            .build(),
        start(3490, "long", "causal=true")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .without("d_lse")
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder start(int id, String name, String... settings) {
    return Case.of(id, name, Informer.class, settings);
  }

  private static CaseBuilder heads(int id, String name, String... settings) {
    return start(id, name, settings).qkv(1, 2, 2, 8, 8, 4, 3).without("d_lse");
  }
}
