package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Tables and lists, per head and per batch entry; ragged, rectangular and empty blocks. */
final class BlockSparseCases {
  private BlockSparseCases() {}

  static List<Case> all() {
    Tensor arrow = KeepMask.where(Shape.of(3, 3), x -> x[0] == x[1] || x[1] == 0);
    return List.of(
        blocks(1201, "table", "blockQ=3", "blockK=3")
            .qkv(1, 1, 1, 9, 9, 4, 4)
            .give("block_mask", arrow)
            .build(),
        blocks(1202, "table-causal", "blockQ=3", "blockK=3", "causal=true")
            .qkv(1, 2, 2, 8, 8, 4, 4)
            .give("block_mask", arrow)
            .remark("the last block is ragged")
            .build(),
        blocks(1203, "table-per-head", "blockQ=4", "blockK=2")
            .qkv(2, 2, 2, 7, 5, 4, 4)
            .give("block_mask", KeepMask.where(Shape.of(2, 2, 3), x -> x[0] + x[1] + x[2] != 2))
            .remark("rectangular blocks")
            .build(),
        blocks(1204, "table-per-batch-and-head", "blockQ=2", "blockK=3")
            .qkv(2, 2, 1, 5, 7, 4, 4)
            .give(
                "block_mask",
                KeepMask.where(Shape.of(2, 2, 3, 3), x -> (x[0] + 2 * x[1] + x[2] + x[3]) % 3 != 0))
            .build(),
        blocks(1205, "lists", "blockQ=3", "blockK=3")
            .qkv(1, 2, 2, 8, 8, 4, 4)
            .give("row_ptr", 0, 2, 3, 5)
            .give("col_idx", 0, 2, 1, 0, 1)
            .build(),
        blocks(1206, "lists-per-head", "blockQ=3", "blockK=3", "causal=true")
            .qkv(1, 2, 1, 9, 9, 4, 3)
            .give("row_ptr", Tensor.of(Shape.of(2, 4), 0, 1, 3, 6, 0, 1, 2, 4))
            .give("col_idx", Tensor.of(Shape.of(2, 6), 0, 0, 1, 0, 1, 2, 0, 1, 0, 2, -1, -1))
            .remark("the shorter list is padded with -1")
            .build(),
        blocks(1207, "variable-blocks", "causal=true")
            .qkv(2, 2, 2, 7, 9, 4, 4)
            .give("q_bounds", 0, 1, 5, 7)
            .give("k_bounds", 0, 4, 5, 9)
            .give("row_ptr", 0, 1, 3, 6)
            .give("col_idx", 0, 0, 1, 0, 1, 2)
            .build(),
        blocks(1208, "empty-rows", "blockQ=2", "blockK=2")
            .qkv(1, 1, 1, 6, 6, 4, 4)
            .give("row_ptr", 0, 0, 1, 1)
            .give("col_idx", 1)
            .remark("the first and last block of queries list nothing")
            .build(),
        blocks(1209, "nothing-listed", "blockQ=2", "blockK=2")
            .qkv(1, 1, 1, 4, 4, 2, 2)
            .give("block_mask", Tensor.zeros(Shape.of(2, 2)))
            .remark("out and gradients are 0, lse is -inf")
            .build(),
        blocks(1210, "everything-listed", "blockQ=2", "blockK=3")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .give("block_mask", Tensor.full(Shape.of(4, 3), 1))
            .remark("the same as dense")
            .build(),
        blocks(1211, "one-token", "blockQ=4", "blockK=4", "causal=true")
            .qkv(1, 2, 2, 1, 1, 4, 4)
            .give("block_mask", Tensor.full(Shape.of(1, 1), 1))
            .build(),
        blocks(1212, "causal-more-queries", "blockQ=3", "blockK=3", "causal=true")
            .qkv(1, 1, 1, 8, 5, 4, 4)
            .give("block_mask", Tensor.full(Shape.of(3, 2), 1))
            .remark("listed blocks behind the frontier are empty")
            .build(),
        blocks(1213, "lengths-and-bias", "blockQ=2", "blockK=2")
            .qkv(2, 2, 2, 6, 6, 4, 4)
            .give("block_mask", arrow)
            .give("q_lens", 5, 6)
            .give("k_lens", 3, 6)
            .draw("bias", Shape.of(1, 2, 6, 6))
            .build(),
        blocks(1214, "poisoned-unlisted", "blockQ=2", "blockK=2")
            .qkv(1, 1, 1, 6, 6, 3, 3)
            .give("block_mask", KeepMask.where(Shape.of(3, 3), x -> x[0] != 1 && x[1] != 2))
            .plant("q", Double.NaN, p -> p / 6 == 1)
            .plant("k", Double.NaN, p -> p / 6 == 2)
            .plant("v", Double.NaN, p -> p / 6 == 2)
            .plant("d_out", Double.NaN, p -> p / 6 == 1)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("a block of queries and a block of keys that nothing lists hold NaN")
            .build(),
        blocks(1215, "table-per-batch", "blockQ=2", "blockK=3")
            .qkv(2, 2, 2, 4, 5, 2, 2)
            .give("block_mask", KeepMask.where(Shape.of(2, 1, 2, 2), x -> x[0] + x[2] != x[3]))
            .remark("the heads of a batch entry share its table")
            .build(),
        blocks(1290, "long", "blockQ=64", "blockK=64", "causal=true")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .give("block_mask", KeepMask.where(Shape.of(32, 32), x -> x[1] == 0 || x[0] - x[1] < 4))
            .roles(Role.BENCH)
            .remark("the first block and four around the diagonal")
            .build());
  }

  private static CaseBuilder blocks(int id, String name, String... settings) {
    return Case.of(id, name, BlockSparse.class, settings);
  }
}
