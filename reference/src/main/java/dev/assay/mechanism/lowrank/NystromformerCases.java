package dev.assay.mechanism.lowrank;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import java.util.List;

/** Whole and ragged segments, both starts and readings, one landmark to as many as tokens. */
final class NystromformerCases {
  private NystromformerCases() {}

  static List<Case> all() {
    return List.of(
        tokens(2881, "per-matrix", "landmarks=3").build(),
        tokens(2882, "original", "landmarks=3", "start=ORIGINAL")
            .remark("the start of every matrix depends on all of them")
            .build(),
        tokens(2883, "convolution", "landmarks=2", "iterations=3")
            .draw("conv", Shape.of(2, 3))
            .build(),
        tokens(2884, "ragged", "landmarks=4")
            .remark("six tokens make three segments of two, of four that there might be")
            .build(),
        tokens(2885, "lengths", "landmarks=3")
            .give("q_lens", 5, 2)
            .give("k_lens", 5, 3)
            .draw("conv", Shape.of(2, 3))
            .remark("the second batch entry has two landmark queries and three landmark keys")
            .build(),
        tokens(2886, "upstream-lengths", "landmarks=3", "reading=UPSTREAM")
            .give("q_lens", 5, 3)
            .give("k_lens", 5, 3)
            .remark("padded tokens count as 0 in the means, and as queries")
            .build(),
        tokens(2887, "upstream-as-many-as-tokens", "landmarks=6", "reading=UPSTREAM")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("softmax attention")
            .build(),
        nystrom(2888, "grouped", "landmarks=2", "scale=0.75")
            .qkv(1, 4, 2, 4, 4, 4, 3)
            .without("d_lse")
            .build(),
        nystrom(2889, "one-landmark", "landmarks=1")
            .qkv(1, 1, 1, 4, 4, 4, 4)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        nystrom(2900, "poisoned-behind", "landmarks=2")
            .qkv(2, 1, 1, 4, 4, 4, 4)
            .without("d_lse")
            .give("q_lens", 3, 0)
            .give("k_lens", 3, 0)
            .plant("q", Double.NaN, NystromformerCases::behind)
            .plant("k", Double.NaN, NystromformerCases::behind)
            .plant("v", Double.NaN, NystromformerCases::behind)
            .plant("d_out", Double.NaN, NystromformerCases::behind)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what lies behind the lengths holds NaN; the second batch entry is empty")
            .build(),
        nystrom(2894, "long", "landmarks=64")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .without("d_lse")
            .roles(Role.BENCH)
            .build());
  }

  private static boolean behind(int p) {
    return p / 4 >= 3;
  }

  private static CaseBuilder nystrom(int id, String name, String... settings) {
    return Case.of(id, name, Nystromformer.class, settings);
  }

  /** Two batch entries of two heads and six tokens. */
  private static CaseBuilder tokens(int id, String name, String... settings) {
    return nystrom(id, name, settings).qkv(2, 2, 2, 6, 6, 4, 4).without("d_lse");
  }
}
