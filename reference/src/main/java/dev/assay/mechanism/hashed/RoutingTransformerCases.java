package dev.assay.mechanism.hashed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Shared and separate keys, both norms and orders, memories, and tokens of no cluster. */
final class RoutingTransformerCases {
  private RoutingTransformerCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>(readings());
    all.addAll(edges());
    all.add(
        Case.of(3390, "long", RoutingTransformer.class, "window=64", "causal=true")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .without("d_lse")
            .draw("means", Shape.of(8, 32, 64))
            .roles(Role.BENCH)
            .build());
    return List.copyOf(all);
  }

  private static CaseBuilder start(int id, String name, String... settings) {
    return Case.of(id, name, RoutingTransformer.class, settings);
  }

  /** Three clusters of four among eight tokens. */
  private static CaseBuilder clusters(int id, String name, String... settings) {
    List<String> all = new ArrayList<>(List.of("window=4"));
    all.addAll(List.of(settings));
    return start(id, name, all.toArray(String[]::new))
        .qkv(1, 2, 2, 8, 8, 4, 3)
        .without("d_lse")
        .draw("means", Shape.of(2, 3, 4));
  }

  private static List<Case> readings() {
    return List.of(
        clusters(3301, "precise").build(),
        clusters(3302, "causal", "causal=true")
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("a query whose cluster holds later keys alone has no softmax there")
            .build(),
        clusters(3303, "by-rank", "causal=true", "order=RANK", "countEps=0.01")
            .remark("as the published code has it: a key of lower rank may lie in the future")
            .build(),
        clusters(3304, "unit-with-memory", "norm=UNIT", "causal=true", "countEps=1e-5")
            .draw("mem_k", Shape.of(2, 3, 1, 4))
            .draw("mem_v", Shape.of(2, 3, 1, 3))
            .remark("as routing-transformer has it")
            .build(),
        clusters(3305, "shared", "causal=true")
            .without("k")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        clusters(3306, "shared-unit", "norm=UNIT", "causal=true")
            .without("k")
            .remark("a token meets itself only where its cluster has nothing else for it")
            .build(),
        clusters(3307, "nearest", "routing=NEAREST", "causal=true", "window=2")
            .remark("every token in one cluster; no future in any choice")
            .build());
  }

  private static List<Case> edges() {
    return List.of(
        clusters(3321, "whole-sequence", "window=9")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("w is beyond n: every cluster is the whole sequence")
            .build(),
        start(3322, "cross", "window=3")
            .qkv(2, 1, 1, 5, 7, 4, 4)
            .without("d_lse")
            .draw("means", Shape.of(1, 2, 4))
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        start(3323, "lengths", "window=3")
            .qkv(2, 1, 1, 6, 6, 4, 3)
            .without("d_lse")
            .draw("means", Shape.of(1, 2, 4))
            .give("q_lens", 6, 2)
            .give("k_lens", 6, 2)
            .plant("q", Double.NaN, p -> p / 4 >= 6 + 2)
            .plant("k", Double.NaN, p -> p / 4 >= 6 + 2)
            .plant("v", Double.NaN, p -> p / 3 >= 6 + 2)
            .roles(Role.GOLDEN, Role.PARITY)
            .build(),
        start(3324, "given", "window=3")
            .qkv(1, 1, 1, 6, 6, 4, 4)
            .without("d_lse")
            .draw("means", Shape.of(1, 2, 4))
            .give("idx_q", Tensor.of(Shape.of(1, 1, 2, 3), 0, 1, 4, 4, 5, -1))
            .give("idx_k", Tensor.of(Shape.of(1, 1, 2, 2), 2, 3, -1, -1))
            .remark("query 4 in two clusters, 2 and 3 in none; the second has no keys")
            .build());
  }
}
