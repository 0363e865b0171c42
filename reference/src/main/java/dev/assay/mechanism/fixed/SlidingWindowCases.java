package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import java.util.List;

/** Widths from one key to more than all, lengths on either side, and what lies outside. */
final class SlidingWindowCases {
  private SlidingWindowCases() {}

  static List<Case> all() {
    return List.of(
        window(1101, "three-keys", "window=3").qkv(1, 1, 1, 8, 8, 4, 4).build(),
        window(1102, "itself-only", "window=1")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .remark("out is v, lse is the query's own logit")
            .build(),
        window(1103, "both-sides", "window=3", "causal=false").qkv(1, 2, 2, 9, 9, 4, 4).build(),
        window(1104, "wider-than-all", "window=64", "causal=false")
            .qkv(1, 1, 1, 5, 5, 4, 4)
            .remark("the same as dense")
            .build(),
        window(1105, "wider-than-all-causal", "window=64").qkv(1, 1, 1, 5, 5, 4, 4).build(),
        window(1106, "fewer-queries", "window=3").qkv(1, 2, 1, 3, 9, 4, 4).build(),
        window(1107, "more-queries", "window=3")
            .qkv(1, 2, 2, 9, 4, 4, 4)
            .remark("the first five rows are empty")
            .build(),
        window(1108, "more-queries-both-sides", "window=3", "causal=false")
            .qkv(1, 1, 1, 9, 4, 4, 4)
            .remark("rows whose window lies before the first key are empty")
            .build(),
        window(1109, "lengths", "window=2")
            .qkv(2, 2, 2, 6, 6, 4, 4)
            .give("q_lens", 6, 3)
            .give("k_lens", 6, 3)
            .build(),
        window(1110, "offset", "window=3")
            .qkv(2, 1, 1, 4, 9, 4, 4)
            .give("offset", 0, 7)
            .remark("windows that reach past the last key are cut")
            .build(),
        window(1111, "grouped-softcap", "window=4", "softcap=1.5", "scale=0.8")
            .qkv(1, 4, 2, 7, 7, 4, 3)
            .draw("bias", Shape.of(1, 4, 7, 7))
            .build(),
        window(1112, "mask", "window=3", "causal=false")
            .qkv(1, 1, 1, 7, 7, 4, 4)
            .give("mask", KeepMask.where(Shape.of(1, 1, 7, 7), x -> x[2] != 3 && x[3] != 5))
            .remark("row 3 is empty")
            .build(),
        window(1113, "poisoned-outside", "window=2")
            .qkv(1, 1, 1, 3, 8, 4, 4)
            .plant("k", Double.NaN, p -> p / 4 < 4)
            .plant("v", Double.NaN, p -> p / 4 < 4)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("keys that no window reaches hold NaN")
            .build(),
        window(1190, "long", "window=256")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder window(int id, String name, String... settings) {
    return Case.of(id, name, SlidingWindow.class, settings);
  }
}
