package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Either way to count, blocks that are not alike, the second stage, lengths and given blocks. */
final class SpargeAttentionCases {
  private SpargeAttentionCases() {}

  static List<Case> all() {
    return List.of(
        sparge(4301, "cdf", "simThreshold=-1", "cdf=0.7")
            .qkv(1, 2, 2, 8, 10, 3, 3)
            .remark("every block is alike")
            .build(),
        sparge(4302, "not-alike", "simThreshold=0.3", "cdf=0.5")
            .qkv(1, 2, 2, 8, 10, 3, 3)
            .remark("blocks whose mean stands for nothing are computed")
            .build(),
        sparge(4303, "causal-grouped", "simThreshold=0.25", "cdf=0.7", "causal=true")
            .qkv(1, 4, 2, 8, 8, 3, 3)
            .build(),
        sparge(4304, "share", "simThreshold=-1", "topk=0.5", "causal=true")
            .qkv(1, 1, 1, 10, 10, 4, 4)
            .remark("half of the candidates of a row, the last block ragged")
            .build(),
        sparge(
                4305,
                "share-literal",
                "reading=LITERAL",
                "simThreshold=-1",
                "topk=0.5",
                "causal=true")
            .qkv(1, 1, 1, 10, 10, 4, 4)
            .remark("half of all blocks, even in early rows")
            .build(),
        sparge(4306, "second-stage", "simThreshold=-1", "cdf=0.95", "pv=1.5", "warpRows=2")
            .qkv(1, 2, 2, 8, 10, 3, 3)
            .draw(
                "q", Shape.of(1, 2, 8, 3), dev.assay.tensor.Distribution.BELL, CaseBuilder.UNIT + 2)
            .remark("pairs of queries leave out kept blocks that turn out low")
            .build(),
        sparge(4307, "nothing-alike", "simThreshold=2", "causal=true")
            .qkv(1, 1, 1, 7, 7, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the same as dense")
            .build(),
        sparge(4308, "sink-unsmoothed", "simThreshold=-1", "cdf=0.3", "sink=true", "smoothK=false")
            .qkv(1, 1, 1, 6, 9, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        sparge(4309, "lengths", "simThreshold=0.2", "cdf=0.5", "causal=true")
            .qkv(2, 1, 1, 8, 8, 3, 3)
            .give("q_lens", 8, 3)
            .give("k_lens", 5, 8)
            .remark("rows 0 to 2 of the first entry come before every key")
            .build(),
        sparge(4310, "given", "pv=4", "warpRows=2")
            .qkv(1, 2, 1, 5, 6, 3, 3)
            .give("block_mask", Tensor.of(Shape.of(1, 1, 2, 3), 1, 0, 1, 0, 0, 0))
            .give("warp_mask", Tensor.of(Shape.of(1, 1, 3, 3), 1, 0, 1, 1, 0, 0, 0, 0, 0))
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("the last row keeps nothing: it is empty")
            .build(),
        sparge(4311, "masked", "simThreshold=-1", "cdf=0.5")
            .qkv(1, 2, 2, 4, 8, 3, 3)
            .give("mask", KeepMask.where(Shape.of(1, 1, 4, 8), x -> x[2] != 1 && x[3] != 6))
            .roles(Role.PARITY)
            .build(),
        sparge(4312, "zeros", "reading=LITERAL", "simThreshold=-1", "cdf=0.5")
            .qkv(1, 1, 1, 4, 8, 3, 3)
            .plant("q", 0, p -> p / 3 == 1)
            .roles(Role.PARITY)
            .remark("a row of zeros has no cosine: its block is computed")
            .build(),
        Case.of(4390, "long", SpargeAttention.class)
            .qkv(1, 4, 4, 1024, 1024, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder sparge(int id, String name, String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 2);
    all[settings.length] = "blockQ=4";
    all[settings.length + 1] = "blockK=2";
    return Case.of(id, name, SpargeAttention.class, all);
  }
}
