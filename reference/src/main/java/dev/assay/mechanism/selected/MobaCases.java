package dev.assay.mechanism.selected;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Both readings, ragged ends, shared keys, decoding, ties, and blocks around the length. */
final class MobaCases {
  private MobaCases() {}

  static List<Case> all() {
    return List.of(
        moba(3601, "precise", "block=2", "topK=2").qkv(2, 2, 2, 8, 8, 4, 3).build(),
        moba(3602, "own-besides", "block=2", "topK=2", "ownBlock=BESIDES")
            .qkv(1, 2, 2, 8, 8, 4, 4)
            .build(),
        moba(3603, "ragged-shared-keys", "block=4", "topK=2")
            .qkv(1, 4, 2, 11, 11, 4, 4)
            .remark("the last block is ragged, two heads share a key head and choose apart")
            .build(),
        moba(3604, "both-directions", "block=3", "topK=1", "causal=false")
            .qkv(1, 2, 2, 8, 8, 4, 4)
            .build(),
        moba(3605, "decoding", "block=3", "topK=2")
            .qkv(2, 2, 1, 2, 11, 4, 4)
            .give("k_lens", 11, 8)
            .remark("two new queries against a cache")
            .build(),
        moba(3606, "dense-decoding", "block=3", "topK=1", "decoding=DENSE")
            .qkv(1, 2, 2, 2, 7, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        moba(3607, "more-places-than-blocks", "block=3", "topK=9")
            .qkv(1, 1, 1, 7, 7, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the same as dense attention")
            .build(),
        moba(3608, "shorter-than-a-block", "block=8", "topK=2")
            .qkv(1, 1, 1, 5, 5, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        moba(3609, "given", "block=2", "topK=2")
            .qkv(1, 1, 1, 6, 6, 3, 3)
            .give("idx", Tensor.of(Shape.of(1, 1, 6, 2), 0, -1, -1, -1, 1, 0, 1, -1, 0, 2, -1, 0))
            .remark("one row lists nothing, others leave out their own block")
            .build(),
        moba(3610, "more-queries", "block=2", "topK=2")
            .qkv(1, 1, 1, 7, 4, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the first queries stand before every key: empty rows")
            .build(),
        moba(3611, "ties", "block=2", "topK=2")
            .qkv(1, 1, 1, 8, 8, 2, 2)
            .give("q", Tensor.zeros(Shape.of(1, 1, 8, 2)))
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("all scores are 0: the first block is chosen beside the own one")
            .build(),
        moba(3612, "lengths-and-offset", "block=3", "topK=2")
            .qkv(2, 2, 2, 6, 9, 4, 4)
            .give("q_lens", 6, 2)
            .give("k_lens", 9, 4)
            .give("offset", 3, 5)
            .remark("in the second entry queries stand behind all keys: no block is their own")
            .build(),
        moba(3699, "long", "block=64", "topK=4")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder moba(int id, String name, String... settings) {
    return Case.of(id, name, Moba.class, settings);
  }
}
