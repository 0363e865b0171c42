package dev.assay.mechanism.heads;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** All choices, both directions, k from none to all, and shared keys. */
final class MosaCases {
  private MosaCases() {}

  static List<Case> all() {
    return List.of(
        heads(3501, "precise").remark("each head takes two of eight tokens").build(),
        heads(3502, "prefix", "choice=PREFIX", "sparsity=2")
            .remark("a token is active if it is one of the four best so far")
            .build(),
        heads(3503, "threshold", "choice=THRESHOLD", "includeFirst=true", "theta=0.6").build(),
        heads(3504, "both-directions", "causal=false", "sparsity=2", "rotaryFraction=1")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        heads(3505, "first-included", "sparsity=2", "includeFirst=true", "rotaryFraction=0")
            .build(),
        heads(3506, "all-tokens", "sparsity=1")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("every token is taken: dense attention times the scores")
            .build(),
        heads(3507, "none", "choice=THRESHOLD", "theta=1.5")
            .remark("no score is above 1: out and gradients are 0")
            .build(),
        start(3508, "shared-keys", "sparsity=2")
            .qkv(1, 4, 2, 6, 6, 4, 3)
            .without("d_lse")
            .draw("x", Shape.of(1, 6, 3))
            .draw("w_router", Shape.of(4, 3))
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        start(3509, "lengths", "sparsity=2")
            .qkv(2, 1, 1, 6, 6, 2, 2)
            .without("d_lse")
            .draw("x", Shape.of(2, 6, 3))
            .draw("w_router", Shape.of(1, 3))
            .give("k_lens", 6, 3)
            .plant("x", Double.NaN, p -> p / 3 >= 6 + 3)
            .plant("q", Double.NaN, p -> p / 2 >= 6 + 3)
            .plant("v", Double.NaN, p -> p / 2 >= 6 + 3)
            .plant("d_out", Double.NaN, p -> p / 2 >= 6 + 3)
            .roles(Role.GOLDEN, Role.PARITY)
            .build(),
        heads(3510, "given", "sparsity=2")
            .give("idx", Tensor.of(Shape.of(1, 2, 1, 3), 6, 1, 4, 3, -1, -1))
            .build(),
        start(3511, "one-token")
            .qkv(1, 1, 1, 1, 1, 2, 2)
            .without("d_lse")
            .draw("x", Shape.of(1, 1, 2))
            .draw("w_router", Shape.of(1, 2))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("two are wanted at least, but there is one")
            .build(),
        start(3540, "long", "sparsity=8")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .without("d_lse")
            .draw("x", Shape.of(1, 2048, 64))
            .draw("w_router", Shape.of(8, 64))
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder start(int id, String name, String... settings) {
    return Case.of(id, name, Mosa.class, settings);
  }

  private static CaseBuilder heads(int id, String name, String... settings) {
    return start(id, name, settings)
        .qkv(1, 2, 2, 8, 8, 4, 3)
        .without("d_lse")
        .draw("x", Shape.of(1, 8, 3))
        .draw("w_router", Shape.of(2, 3));
  }
}
