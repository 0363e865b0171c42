package dev.assay.mechanism.linear;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import java.util.List;

/** Both kernels, everybody's constants, projections given and drawn, lengths and empty rows. */
final class PerformerCases {
  private PerformerCases() {}

  static List<Case> all() {
    return List.of(
        given(2841, "softmax").build(),
        given(2842, "causal", "causal=true").build(),
        given(2843, "relu", "kernel=RELU").build(),
        given(2844, "google", "constants=GOOGLE", "causal=true").build(),
        given(2845, "lucidrains", "constants=LUCIDRAINS").build(),
        given(2846, "lucidrains-causal", "constants=LUCIDRAINS", "causal=true")
            .remark("a guard in the sums of the keys' features")
            .build(),
        given(2847, "lucidrains-relu", "constants=LUCIDRAINS", "kernel=RELU", "causal=true")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        performer(2848, "drawn", "features=7", "seed=3")
            .qkv(1, 2, 1, 5, 5, 4, 3)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("two orthogonal blocks, the second of three rows")
            .build(),
        performer(2849, "equal-lengths", "rows=SQRT_D", "causal=true")
            .qkv(1, 1, 1, 4, 4, 4, 4)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("d ln d features")
            .build(),
        performer(2850, "empty-rows", "causal=true")
            .qkv(1, 4, 2, 6, 4, 4, 3)
            .without("d_lse")
            .draw("projection", Shape.of(5, 4))
            .remark("more queries than keys: the first two rows are empty")
            .build(),
        performer(2851, "lengths-and-offset", "causal=true", "constants=LUCIDRAINS")
            .qkv(2, 1, 1, 5, 6, 4, 4)
            .without("d_lse")
            .draw("projection", Shape.of(5, 4))
            .give("q_lens", 5, 2)
            .give("k_lens", 6, 0)
            .give("offset", 1, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the second batch entry has no key")
            .build(),
        performer(2852, "poisoned-behind")
            .qkv(1, 1, 1, 4, 6, 4, 4)
            .without("d_lse")
            .draw("projection", Shape.of(5, 4))
            .give("q_lens", 3)
            .give("k_lens", 4)
            .plant("k", Double.NaN, p -> p / 4 >= 4)
            .plant("v", Double.NaN, p -> p / 4 >= 4)
            .plant("q", Double.NaN, p -> p / 4 >= 3)
            .plant("d_out", Double.NaN, p -> p / 4 >= 3)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what lies behind the lengths holds NaN")
            .build(),
        performer(2892, "long", "causal=true", "features=128")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .without("d_lse")
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder performer(int id, String name, String... settings) {
    return Case.of(id, name, Performer.class, settings);
  }

  /** Two heads of six tokens, and five rows of a projection. */
  private static CaseBuilder given(int id, String name, String... settings) {
    return performer(id, name, settings)
        .qkv(1, 2, 2, 6, 6, 4, 4)
        .without("d_lse")
        .draw("projection", Shape.of(5, 4));
  }
}
