package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All countings, dilation, global tokens with and without projections of their own. */
final class LongformerCases {
  private LongformerCases() {}

  static List<Case> all() {
    return List.of(
        longformer(2101, "window").qkv(1, 1, 1, 10, 10, 2, 2).build(),
        projected(2102, "global", 1, 2, 8)
            .give("global", marks(8, 0, 5))
            .remark("token 5 lies in windows too and counts once")
            .build(),
        longformer(2103, "one-sided", "counting=ONE_SIDED", "window=1")
            .qkv(1, 2, 1, 7, 7, 2, 3)
            .build(),
        longformer(2104, "lra", "counting=LRA").qkv(1, 1, 1, 8, 8, 2, 2).build(),
        longformer(2105, "dilated", "dilation=2", "dilatedHeads=1")
            .qkv(1, 2, 2, 9, 9, 2, 2)
            .remark("head 1 sees every other token")
            .build(),
        projected(2106, "causal", 1, 1, 8, "causal=true")
            .give("global", marks(8, 1))
            .remark("row 1 sees tokens 0 and 1; row 0 does not see token 1")
            .build(),
        projected(2107, "padded-batch", 2, 1, 6)
            .give("global", Tensor.of(Shape.of(2, 6), 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1))
            .give("q_lens", 6, 4)
            .give("k_lens", 6, 4)
            .remark("each batch entry has global tokens of its own, one of them padding")
            .build(),
        longformer(2108, "no-overlap", "local=NO_OVERLAP")
            .qkv(1, 1, 1, 9, 9, 2, 2)
            .give("global", marks(9, 8))
            .remark("without projections of their own, global tokens use q, k and v")
            .build(),
        small(2109, "itself-only", "window=0").qkv(1, 2, 2, 5, 5, 4, 4).build(),
        small(2110, "wider-than-all", "window=64").qkv(1, 1, 1, 6, 6, 4, 4).build(),
        small(2111, "all-global", "window=2")
            .qkv(1, 2, 2, 5, 5, 4, 4)
            .give("global", marks(5, 0, 1, 2, 3, 4))
            .remark("every row is dense")
            .build(),
        small(2112, "bias-and-mask", "scale=0.8")
            .qkv(1, 4, 2, 7, 7, 4, 4)
            .draw("bias", Shape.of(1, 1, 7, 7))
            .give("mask", KeepMask.where(Shape.of(1, 1, 7, 7), x -> x[2] != 3 && x[3] != 2))
            .give("global", marks(7, 6))
            .remark("row 3 is empty")
            .build(),
        small(2113, "dilated-causal", "dilation=3", "causal=true", "window=6")
            .qkv(1, 2, 2, 11, 11, 4, 4)
            .give("global", marks(11, 0))
            .build(),
        longformer(2190, "long", "window=256")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .give("global", KeepMask.where(Shape.of(1, 2048), x -> x[1] % 512 == 0))
            .roles(Role.BENCH)
            .build());
  }

  private static Tensor marks(int tokens, int... global) {
    List<Integer> listed = Arrays.stream(global).boxed().toList();
    return KeepMask.where(Shape.of(1, tokens), x -> listed.contains(x[1]));
  }

  private static CaseBuilder longformer(int id, String name, String... settings) {
    return Case.of(id, name, Longformer.class, settings);
  }

  /** With queries, keys and values of global tokens; windows of two. */
  private static CaseBuilder projected(
      int id, String name, int batches, int heads, int tokens, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("window=2");
    Shape shape = Shape.of(batches, heads, tokens, 2);
    return longformer(id, name, all.toArray(String[]::new))
        .qkv(batches, heads, heads, tokens, tokens, 2, 2)
        .draw("q_global", shape)
        .draw("k_global", shape)
        .draw("v_global", shape);
  }

  private static CaseBuilder small(int id, String name, String... settings) {
    return longformer(id, name, settings).roles(Role.GRADIENT, Role.PARITY);
  }
}
