package dev.assay.mechanism.selected;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import java.util.List;

/** Blocks and single keys, lists for all heads, for groups and for each, and ragged ends. */
final class ScoredBlocksCases {
  private ScoredBlocksCases() {}

  static List<Case> all() {
    return List.of(
        scored(4601, "by-head", 1, 4, 6, 3, "blockK=4", "topK=2").qkv(1, 4, 2, 6, 11, 4, 4).build(),
        scored(4602, "causal-tokens", 1, 1, 7, 7, "blockK=1", "topK=3", "causal=true")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .remark("single keys, chosen for all heads together")
            .build(),
        scored(4603, "rows-of-queries", 2, 2, 3, 4, "blockQ=4", "blockK=3", "topK=2")
            .qkv(2, 4, 2, 9, 12, 3, 3)
            .give("k_lens", 12, 5)
            .remark("the heads of a group share a list, and so do four queries")
            .build(),
        scored(4604, "more-than-there-is", 1, 1, 5, 2, "blockK=4", "topK=9", "causal=true")
            .qkv(1, 2, 1, 5, 8, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        scored(4699, "long", 1, 8, 32, 32, "blockQ=64", "blockK=64", "topK=4", "causal=true")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder scored(
      int id, String name, int batches, int groups, int rows, int blocks, String... settings) {
    return Case.of(id, name, ScoredBlocks.class, settings)
        .draw("scores", Shape.of(batches, groups, rows, blocks));
  }
}
