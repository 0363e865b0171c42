package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import java.util.List;

/** Blocks before and after, exact windows, circles, rotary positions, decoding. */
final class BlockLocalCases {
  private BlockLocalCases() {}

  static List<Case> all() {
    return List.of(
        local(2301, "both-sides", "block=3").qkv(1, 1, 1, 11, 11, 2, 2).build(),
        local(2302, "causal", "block=3", "causal=true")
            .qkv(1, 2, 1, 8, 8, 2, 3)
            .remark("three to six keys from token 2 on")
            .build(),
        local(2303, "end-of-context", "block=2", "rope=END_OF_CONTEXT")
            .qkv(1, 1, 1, 7, 7, 4, 2)
            .remark("queries stand two tokens further than they are")
            .build(),
        local(2304, "exact-window", "block=3", "exactWindow=true", "causal=true")
            .qkv(1, 1, 1, 9, 9, 2, 2)
            .remark("four keys, the query's own included")
            .build(),
        local(2305, "circular", "block=2", "circular=true", "after=0")
            .qkv(1, 1, 1, 7, 7, 2, 2)
            .remark("the first block sees the last one, which is ragged")
            .build(),
        small(2306, "block-diagonal", "block=3", "before=0", "after=0")
            .qkv(1, 2, 2, 7, 7, 2, 2)
            .build(),
        local(2307, "lengths", "block=2", "causal=true")
            .qkv(2, 1, 1, 7, 7, 2, 2)
            .give("q_lens", 7, 4)
            .give("k_lens", 7, 4)
            .build(),
        local(2308, "decode", "block=3", "causal=true", "rope=PLAIN")
            .qkv(2, 1, 1, 1, 8, 2, 2)
            .give("k_lens", 8, 5)
            .remark("the newest query of each batch entry")
            .build(),
        small(2309, "one-block", "block=8").qkv(1, 2, 2, 5, 5, 4, 4).build(),
        small(2310, "circular-all", "block=2", "circular=true", "before=2", "after=2")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .remark("three blocks that all meet, each once")
            .build(),
        small(2311, "circular-causal", "block=2", "circular=true", "causal=true")
            .qkv(1, 1, 1, 7, 7, 4, 4)
            .remark("the same as without the circle")
            .build(),
        small(2312, "exact-both-sides", "block=2", "exactWindow=true", "rope=END_OF_CONTEXT")
            .qkv(1, 2, 2, 9, 9, 4, 4)
            .build(),
        small(2313, "more-queries", "block=2", "causal=true")
            .qkv(1, 4, 2, 7, 5, 4, 4)
            .remark("the first two rows stand before the first key")
            .build(),
        small(2314, "bias-and-mask", "block=2", "before=2", "scale=0.8")
            .qkv(1, 2, 2, 9, 9, 4, 4)
            .draw("bias", Shape.of(1, 2, 9, 9))
            .give("mask", KeepMask.where(Shape.of(1, 1, 9, 9), x -> x[2] != 3 && x[3] != 2))
            .remark("row 3 is empty")
            .build(),
        local(2315, "shared-keys", "block=2", "causal=true", "sharedQk=true")
            .qkv(1, 1, 1, 6, 6, 2, 2)
            .remark("token 0 meets itself, for it meets nothing else")
            .build(),
        small(2316, "shared-keys-masked", "block=2", "sharedQk=true", "rope=PLAIN", "after=0")
            .qkv(2, 2, 1, 7, 7, 4, 4)
            .give("q_lens", 7, 3)
            .give("k_lens", 7, 3)
            .give("mask", KeepMask.where(Shape.of(1, 2, 1, 7), x -> x[3] % 2 == x[1] % 2))
            .remark("rows with their own key alone, with others, and with none")
            .build(),
        local(2320, "long", "block=128", "causal=true")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder local(int id, String name, String... settings) {
    return Case.of(id, name, BlockLocal.class, settings);
  }

  private static CaseBuilder small(int id, String name, String... settings) {
    return local(id, name, settings).roles(Role.GRADIENT, Role.PARITY);
  }
}
