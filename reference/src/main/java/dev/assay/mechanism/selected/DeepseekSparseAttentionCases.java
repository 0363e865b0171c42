package dev.assay.mechanism.selected;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Both rotations, ties, more places than keys, decoding and lengths. */
final class DeepseekSparseAttentionCases {
  private DeepseekSparseAttentionCases() {}

  static List<Case> all() {
    return List.of(
        dsa(3901, "precise", new int[] {1, 2, 2, 8, 8, 3, 4}, "topK=3", "ropeDim=4").build(),
        dsa(
                3902,
                "interleaved",
                new int[] {1, 2, 2, 8, 8, 3, 4},
                "topK=3",
                "ropeDim=4",
                "rope=INTERLEAVED")
            .build(),
        dsa(3903, "one-key-head", new int[] {2, 4, 1, 7, 7, 2, 4}, "topK=3", "rope=NONE").build(),
        dsa(3904, "both-directions", new int[] {1, 1, 1, 7, 7, 2, 4}, "topK=2", "causal=false")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        dsa(3905, "more-places-than-keys", new int[] {1, 1, 1, 5, 5, 2, 4}, "topK=9")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("dense attention")
            .build(),
        dsa(3906, "all-scores-zero", new int[] {1, 1, 1, 7, 7, 2, 4}, "topK=2")
            .give("w_index", Tensor.zeros(Shape.of(1, 3, 7)))
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("ties: the first keys are chosen, not the nearest")
            .build(),
        dsa(3907, "negative-weights", new int[] {1, 1, 1, 8, 8, 2, 2}, "topK=3", "rope=NONE")
            .give("w_index", Tensor.full(Shape.of(1, 3, 8), -1))
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("keys of which no head takes notice have score 0 and come first")
            .build(),
        dsa(3908, "decoding", new int[] {2, 2, 1, 2, 9, 2, 4}, "topK=3")
            .give("k_lens", 9, 6)
            .build(),
        dsa(3909, "more-queries", new int[] {1, 1, 1, 7, 4, 2, 4}, "topK=2")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the first queries stand before every key: empty rows")
            .build(),
        dsa(3910, "lengths-and-offset", new int[] {2, 1, 1, 5, 8, 2, 4}, "topK=2")
            .give("q_lens", 5, 3)
            .give("k_lens", 8, 5)
            .give("offset", 3, 1)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        dsa(3911, "given", new int[] {1, 2, 1, 5, 5, 2, 4}, "topK=2")
            .give("idx", Tensor.of(Shape.of(1, 1, 5, 2), 0, -1, -1, -1, 2, 0, 4, 1, 3, 4))
            .remark("one query meets nothing, another lists a key after it")
            .build(),
        dsa(3999, "long", new int[] {1, 8, 1, 1024, 1024, 64, 32}, "topK=256")
            .roles(Role.BENCH)
            .build());
  }

  /**
   * Starts a case with three heads of the indexer.
   *
   * @param sizes B, H, H_kv, n_q, n_k, d, d_I
   */
  private static CaseBuilder dsa(int id, String name, int[] sizes, String... settings) {
    int b = sizes[0];
    return Case.of(id, name, DeepseekSparseAttention.class, settings)
        .qkv(b, sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[5])
        .draw("q_index", Shape.of(b, 3, sizes[3], sizes[6]))
        .draw("k_index", Shape.of(b, 1, sizes[4], sizes[6]))
        .draw("w_index", Shape.of(b, 3, sizes[3]));
  }
}
