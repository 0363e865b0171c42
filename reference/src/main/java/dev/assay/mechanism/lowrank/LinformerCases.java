package dev.assay.mechanism.lowrank;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import java.util.List;

/** Every sharing, inputs shorter than the projections, lengths, and no valid key at all. */
final class LinformerCases {
  private LinformerCases() {}

  static List<Case> all() {
    return List.of(
        projected(2861, "headwise", Shape.of(3, 6), "f").build(),
        projected(2862, "none", Shape.of(2, 3, 6), "f", "sharing=NONE").build(),
        projected(2863, "key-value", Shape.of(3, 6), "e", "sharing=KEY_VALUE").build(),
        projected(2864, "share-kv", Shape.of(3, 6), "e", "sharing=LUCIDRAINS_SHARE_KV")
            .remark("the keys are the values; v is not read")
            .build(),
        projected(2865, "shorter", Shape.of(4, 9), "f")
            .remark("the last three columns of e and f are not read")
            .build(),
        linformer(2866, "grouped", "sharing=NONE", "scale=0.8")
            .qkv(1, 4, 2, 4, 7, 4, 3)
            .draw("e", Shape.of(2, 2, 7))
            .draw("f", Shape.of(2, 2, 7))
            .build(),
        linformer(2867, "lengths", "sharing=KEY_VALUE")
            .qkv(2, 1, 1, 5, 5, 4, 4)
            .draw("e", Shape.of(2, 5))
            .give("q_lens", 5, 2)
            .give("k_lens", 3, 0)
            .remark("the second batch entry has no key: out is 0, lse is log 2")
            .build(),
        linformer(2868, "poisoned-behind", "sharing=KEY_VALUE")
            .qkv(1, 1, 1, 4, 5, 4, 4)
            .draw("e", Shape.of(2, 5))
            .give("q_lens", 3)
            .give("k_lens", 3)
            .plant("q", Double.NaN, p -> p / 4 >= 3)
            .plant("k", Double.NaN, p -> p / 4 >= 3)
            .plant("v", Double.NaN, p -> p / 4 >= 3)
            .plant("d_out", Double.NaN, p -> p / 4 >= 3)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what lies behind the lengths holds NaN")
            .build(),
        linformer(2869, "more-rows-than-tokens")
            .qkv(1, 1, 1, 1, 1, 2, 2)
            .draw("e", Shape.of(3, 1))
            .draw("f", Shape.of(3, 1))
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        linformer(2893, "long")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .draw("e", Shape.of(128, 2048), Distribution.BELL, CaseBuilder.UNIT - 4)
            .draw("f", Shape.of(128, 2048), Distribution.BELL, CaseBuilder.UNIT - 4)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder linformer(int id, String name, String... settings) {
    return Case.of(id, name, Linformer.class, settings);
  }

  /** Two heads of six tokens, e, and f if that is the last projection. */
  private static CaseBuilder projected(
      int id, String name, Shape shape, String last, String... settings) {
    CaseBuilder builder = linformer(id, name, settings).qkv(2, 2, 2, 6, 6, 4, 4).draw("e", shape);
    return last.equals("f") ? builder.draw("f", shape) : builder;
  }
}
