package dev.assay.mechanism.linear;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import java.util.List;

/** Both directions, unequal lengths, empty rows, and guards from none to one that weighs. */
final class LinearTransformerCases {
  private LinearTransformerCases() {}

  static List<Case> all() {
    return List.of(
        linear(2801, "every-key").qkv(2, 2, 2, 6, 6, 4, 3).without("d_lse").build(),
        linear(2802, "causal", "causal=true", "guard=0")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .without("d_lse")
            .remark("the first query gives the first value")
            .build(),
        linear(2803, "guard", "causal=true", "guard=0.5")
            .qkv(1, 1, 1, 5, 5, 4, 4)
            .without("d_lse")
            .remark("a guard that weighs as much as a key")
            .build(),
        linear(2804, "grouped", "causal=true").qkv(1, 4, 2, 5, 5, 4, 3).without("d_lse").build(),
        linear(2805, "fewer-queries", "causal=true")
            .qkv(1, 2, 1, 3, 7, 4, 4)
            .without("d_lse")
            .build(),
        linear(2806, "more-queries", "causal=true")
            .qkv(1, 1, 1, 7, 4, 4, 4)
            .without("d_lse")
            .remark("the first three rows are empty")
            .build(),
        linear(2807, "lengths-and-offset", "causal=true")
            .qkv(2, 1, 1, 5, 6, 4, 4)
            .without("d_lse")
            .give("q_lens", 5, 2)
            .give("k_lens", 6, 0)
            .give("offset", 1, 3)
            .remark("the second batch entry has no key")
            .build(),
        linear(2808, "poisoned-behind")
            .qkv(1, 1, 1, 4, 6, 4, 4)
            .without("d_lse")
            .give("q_lens", 3)
            .give("k_lens", 4)
            .plant("k", Double.NaN, p -> p / 4 >= 4)
            .plant("v", Double.NaN, p -> p / 4 >= 4)
            .plant("q", Double.NaN, p -> p / 4 >= 3)
            .plant("d_out", Double.NaN, p -> p / 4 >= 3)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what lies behind the lengths holds NaN")
            .build(),
        linear(2809, "single-token")
            .qkv(1, 1, 1, 1, 1, 2, 2)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        linear(2890, "long", "causal=true")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .without("d_lse")
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder linear(int id, String name, String... settings) {
    return Case.of(id, name, LinearTransformer.class, settings);
  }
}
