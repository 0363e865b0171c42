package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** All layouts, in both directions and readings, short last windows, given random blocks. */
final class DeepSpeedLayoutCases {
  private DeepSpeedLayoutCases() {}

  static List<Case> all() {
    return List.of(
        speed(2331, "fixed", "numLocalBlocks=2", "block=2").qkv(1, 1, 1, 11, 11, 2, 2).build(),
        speed(2332, "fixed-unidirectional", future()).qkv(1, 1, 1, 12, 12, 2, 2).build(),
        speed(2333, "fixed-upstream", upstream())
            .qkv(1, 1, 1, 12, 12, 2, 2)
            .remark("a row of the first window sees a global block of the future")
            .build(),
        speed(
                2334,
                "fixed-patterns",
                "numLocalBlocks=2",
                "block=2",
                "differentLayoutPerHead=true",
                "numDifferentGlobalPatterns=2")
            .qkv(1, 2, 2, 10, 10, 2, 2)
            .remark("the last window is short")
            .build(),
        speed(
                2335,
                "variable",
                "layout=VARIABLE",
                "block=2",
                "localWindowBlocks=1,2",
                "globalBlockIndices=3",
                "horizontalGlobalAttention=true",
                "numRandomBlocks=1")
            .qkv(1, 2, 1, 12, 12, 2, 3)
            .build(),
        speed(2336, "bigbird-given", "layout=BIGBIRD", "block=2", "unidirectional=true")
            .qkv(1, 1, 1, 10, 10, 2, 2)
            .give("idx", Tensor.of(Shape.of(1, 5, 2), 0, -1, 0, 1, 1, 0, 2, -1, 1, 2))
            .build(),
        speed(
                2337,
                "bslongformer",
                "layout=BSLONGFORMER",
                "block=1",
                "globalBlockIndices=0,5",
                "globalBlockEndIndices=1,7")
            .qkv(1, 1, 1, 9, 9, 2, 2)
            .build(),
        speed(2338, "local-window", "layout=LOCAL_WINDOW", "block=2", "unidirectional=true")
            .qkv(2, 1, 1, 9, 9, 2, 2)
            .give("q_lens", 9, 5)
            .give("k_lens", 9, 5)
            .build(),
        small(2339, "dense", "layout=DENSE").qkv(1, 2, 2, 7, 7, 4, 4).build(),
        small(2340, "cut-from-longer", "numLocalBlocks=4", "block=2", "maxSeqLength=16")
            .qkv(1, 1, 1, 10, 10, 4, 4)
            .remark("the last window is a whole one that was cut: it has no global block")
            .build(),
        small(
                2341,
                "bigbird-drawn",
                "layout=BIGBIRD",
                "block=2",
                "numRandomBlocks=2",
                "differentLayoutPerHead=true",
                "unidirectional=true")
            .qkv(1, 4, 2, 12, 12, 4, 4)
            .build(),
        small(
                2342,
                "variable-upstream",
                "layout=VARIABLE",
                "block=2",
                "numRandomBlocks=2",
                "unidirectional=true",
                "reading=UPSTREAM")
            .qkv(1, 1, 1, 12, 12, 4, 4)
            .remark("random blocks of the future")
            .build(),
        small(2343, "horizontal", "numLocalBlocks=2", "block=2", "horizontalGlobalAttention=true")
            .qkv(1, 1, 1, 9, 9, 4, 4)
            .build(),
        small(2344, "bias-and-mask", "numLocalBlocks=2", "block=2", "scale=0.8")
            .qkv(1, 2, 2, 9, 9, 4, 4)
            .draw("bias", Shape.of(1, 2, 9, 1))
            .give("mask", KeepMask.where(Shape.of(1, 1, 9, 9), x -> x[2] != 3 && x[3] != 2))
            .remark("row 3 is empty")
            .build(),
        speed(2360, "long", "block=32").qkv(1, 8, 8, 2048, 2048, 64, 64).roles(Role.BENCH).build());
  }

  private static String[] future() {
    return new String[] {"numLocalBlocks=2", "numGlobalBlocks=2", "block=2", "unidirectional=true"};
  }

  private static String[] upstream() {
    String[] settings = Arrays.copyOf(future(), 5);
    settings[4] = "reading=UPSTREAM";
    return settings;
  }

  private static CaseBuilder speed(int id, String name, String... settings) {
    return Case.of(id, name, DeepSpeedLayout.class, settings);
  }

  private static CaseBuilder small(int id, String name, String... settings) {
    return speed(id, name, settings).roles(Role.GRADIENT, Role.PARITY);
  }
}
