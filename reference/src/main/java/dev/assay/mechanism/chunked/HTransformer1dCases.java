package dev.assay.mechanism.chunked;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import java.util.ArrayList;
import java.util.List;

/** Both hierarchies, both masses, both kinds of queries, lengths that are no power of two. */
final class HTransformer1dCases {
  private HTransformer1dCases() {}

  static List<Case> all() {
    return List.of(
        levels(2501, "precise").qkv(1, 2, 2, 12, 12, 2, 2).remark("three levels").build(),
        levels(2502, "lucidrains", "neighbours=SIBLINGS", "mass=ONE")
            .qkv(1, 2, 2, 8, 8, 2, 2)
            .build(),
        levels(2503, "causal", "causal=true")
            .qkv(1, 2, 1, 11, 11, 2, 3)
            .remark("the last coarse token holds fewer tokens")
            .build(),
        levels(2504, "each-query", "causal=true", "queries=EACH")
            .qkv(1, 1, 1, 12, 12, 2, 2)
            .build(),
        levels(2505, "siblings-causal", "causal=true", "neighbours=SIBLINGS")
            .qkv(1, 2, 2, 9, 9, 2, 2)
            .build(),
        levels(2506, "lengths")
            .qkv(2, 2, 2, 11, 11, 2, 2)
            .give("q_lens", 11, 5)
            .give("k_lens", 11, 7)
            .plant("q", Double.NaN, p -> p / 44 == 1 && p / 2 % 11 >= 5)
            .plant("k", Double.NaN, p -> p / 44 == 1 && p / 2 % 11 >= 7)
            .plant("v", Double.NaN, p -> p / 44 == 1 && p / 2 % 11 >= 7)
            .plant("d_out", Double.NaN, p -> p / 44 == 1 && p / 2 % 11 >= 5)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("means are over what lies within the lengths")
            .build(),
        levels(2507, "two-blocks")
            .qkv(1, 2, 2, 4, 4, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("dense attention")
            .build(),
        levels(2508, "one-token")
            .qkv(1, 1, 1, 1, 1, 2, 2)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        levels(2509, "odd-block", "block=3", "neighbours=SIBLINGS")
            .qkv(1, 4, 2, 10, 10, 2, 2)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        levels(2510, "no-keys")
            .qkv(2, 1, 1, 6, 6, 2, 2)
            .give("q_lens", 6, 6)
            .give("k_lens", 6, 0)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("batch entry 1 has no key")
            .build(),
        Case.of(2590, "long", HTransformer1d.class, "block=32")
            .qkv(1, 4, 4, 1024, 1024, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder levels(int id, String name, String... settings) {
    List<String> all = new ArrayList<>(List.of("block=2"));
    all.addAll(List.of(settings));
    return Case.of(id, name, HTransformer1d.class, all.toArray(String[]::new));
  }
}
