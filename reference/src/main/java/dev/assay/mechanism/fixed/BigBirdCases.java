package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Sets and multisets, drawn and given, lengths around the smallest that has a middle. */
final class BigBirdCases {
  private BigBirdCases() {}

  /** Block 0 again, a window block twice, a block of its own, and none. */
  private static final Tensor REPEATED = Tensor.of(Shape.of(1, 4, 2), 0, 3, 2, 2, -1, 1, 5, 0);

  static List<Case> all() {
    return List.of(
        bird(2201, "drawn", "block=2", "seed=3")
            .qkv(1, 2, 2, 14, 14, 2, 2)
            .remark("each head has random blocks of its own")
            .build(),
        bird(2202, "first-blocks", "block=1", "draw=FIRST_BLOCKS")
            .qkv(1, 1, 1, 12, 12, 2, 2)
            .remark("no random block behind block 5")
            .build(),
        bird(2203, "set-given", "block=2")
            .qkv(1, 1, 1, 12, 12, 2, 2)
            .give("idx", REPEATED)
            .remark("blocks that are listed twice count once")
            .build(),
        bird(2204, "multiset-given", "block=2", "reading=MULTISET")
            .qkv(1, 1, 1, 12, 12, 2, 2)
            .give("idx", REPEATED)
            .remark("blocks that are listed twice count twice, or three times")
            .build(),
        bird(2205, "evaluation", "block=1", "random=2", "reading=MULTISET", "draw=ZEROS")
            .qkv(1, 2, 1, 7, 7, 2, 3)
            .remark("block 0 counts three times in all rows but the first and last")
            .build(),
        bird(2206, "causal", "block=2", "causal=true").qkv(1, 1, 1, 13, 13, 2, 2).build(),
        bird(2207, "padded", "block=2")
            .qkv(2, 1, 1, 11, 11, 2, 2)
            .give("q_lens", 11, 7)
            .give("k_lens", 11, 7)
            .remark("the last global block is ragged, and nothing but padding in entry 1")
            .build(),
        small(2208, "short-is-dense", "block=2", "denseWhenShort=true", "random=2")
            .qkv(1, 2, 2, 12, 12, 4, 4)
            .build(),
        small(2209, "four-blocks", "block=2", "random=2").qkv(1, 2, 2, 8, 8, 4, 4).build(),
        small(2210, "one-block", "block=8").qkv(1, 2, 2, 5, 5, 4, 4).build(),
        small(2211, "two-blocks", "block=4", "reading=MULTISET").qkv(1, 1, 1, 6, 6, 4, 4).build(),
        small(2212, "more-than-there-are", "block=1", "random=9", "reading=MULTISET")
            .qkv(1, 2, 2, 8, 8, 4, 4)
            .remark("fewer random blocks than asked for: dense")
            .build(),
        small(2213, "no-random", "block=2", "random=0").qkv(1, 4, 2, 13, 13, 4, 4).build(),
        small(2214, "bias-and-mask", "block=2", "reading=MULTISET", "scale=0.8")
            .qkv(1, 2, 2, 12, 12, 4, 4)
            .give("idx", REPEATED)
            .draw("bias", Shape.of(1, 2, 1, 12))
            .give("mask", KeepMask.where(Shape.of(1, 1, 12, 12), x -> x[2] != 5 && x[3] != 0))
            .remark("row 5 is empty")
            .build(),
        bird(2290, "long", "block=64", "random=3")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder bird(int id, String name, String... settings) {
    return Case.of(id, name, BigBird.class, settings);
  }

  private static CaseBuilder small(int id, String name, String... settings) {
    return bird(id, name, settings).roles(Role.GRADIENT, Role.PARITY);
  }
}
