package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import java.util.List;

/** Heads with shards of their own, shared keys, dense heads, both directions, decoding. */
final class S2AttentionCases {
  private S2AttentionCases() {}

  static List<Case> all() {
    return List.of(
        sharded(2371, "two-heads", "block=2", "localBlocks=1", "stride=2")
            .qkv(1, 2, 2, 11, 11, 2, 2)
            .remark("together the heads see every block before a token")
            .build(),
        sharded(2372, "more-strides-than-heads", "block=1")
            .qkv(1, 2, 2, 10, 10, 2, 2)
            .remark("heads are two places apart")
            .build(),
        sharded(2373, "shared-keys", "block=1", "localBlocks=1").qkv(1, 4, 2, 12, 12, 2, 2).build(),
        sharded(2374, "shared-keys-literal", "block=1", "localBlocks=1", "spread=QUERY_HEADS")
            .qkv(1, 4, 2, 12, 12, 2, 2)
            .remark("the second key head is one place on, not two")
            .build(),
        sharded(2375, "dense-head", "block=2", "localBlocks=1", "denseHeads=1", "stride=3")
            .qkv(1, 2, 2, 11, 11, 2, 2)
            .build(),
        sharded(2376, "both-sides", "block=2", "causal=false", "localBlocks=1", "stride=3")
            .qkv(1, 2, 1, 12, 12, 2, 3)
            .remark("strides count from the query's block")
            .build(),
        sharded(2377, "decode", "block=2", "localBlocks=1", "stride=3")
            .qkv(2, 2, 2, 1, 11, 2, 2)
            .give("k_lens", 11, 6)
            .build(),
        sharded(2378, "lengths", "block=2", "localBlocks=1", "stride=2", "offset=1")
            .qkv(2, 2, 2, 9, 9, 2, 2)
            .give("q_lens", 9, 4)
            .give("k_lens", 9, 4)
            .build(),
        small(2379, "same-for-all", "block=2", "localBlocks=1", "sameForAllHeads=true")
            .qkv(1, 2, 2, 11, 11, 4, 4)
            .build(),
        small(2380, "absolute-both-sides", "block=2", "causal=false", "places=ABSOLUTE")
            .qkv(1, 2, 2, 12, 12, 4, 4)
            .build(),
        small(2381, "relative-causal", "block=2", "places=RELATIVE", "localBlocks=1", "stride=2")
            .qkv(1, 2, 2, 11, 11, 4, 4)
            .build(),
        small(2382, "stride-one", "stride=1").qkv(1, 2, 2, 9, 9, 4, 4).remark("dense").build(),
        small(2383, "right-blocks", "block=2", "causal=false", "rightBlocks=2", "stride=5")
            .qkv(1, 2, 2, 11, 11, 4, 4)
            .build(),
        small(2384, "bias-and-mask", "block=2", "localBlocks=1", "stride=2", "scale=0.8")
            .qkv(1, 4, 2, 9, 9, 4, 4)
            .draw("bias", Shape.of(1, 4, 9, 9))
            .give("mask", KeepMask.where(Shape.of(1, 1, 9, 9), x -> x[2] != 3 && x[3] != 2))
            .remark("row 3 is empty")
            .build(),
        sharded(2399, "long", "block=64", "localBlocks=4", "stride=8")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder sharded(int id, String name, String... settings) {
    return Case.of(id, name, S2Attention.class, settings);
  }

  private static CaseBuilder small(int id, String name, String... settings) {
    return sharded(id, name, settings).roles(Role.GRADIENT, Role.PARITY);
  }
}
