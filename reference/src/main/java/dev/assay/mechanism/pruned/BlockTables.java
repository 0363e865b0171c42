package dev.assay.mechanism.pruned;

import dev.assay.check.Require;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * Which blocks of keys the blocks of queries keep, for each batch entry and head. As a tensor it is
 * {@code block_mask} [B, H, N_q, N_k], which block-sparse attention reads too.
 *
 * @param heads query heads
 * @param blockQ queries in a block; the last may be shorter
 * @param blockK keys in a block; the last may be shorter
 * @param tables at b * heads + h: 1 row for each block of queries
 */
record BlockTables(int heads, int blockQ, int blockK, boolean[][][] tables) {
  /** Nothing is kept yet. */
  static BlockTables none(AttentionProblem problem, int blockQ, int blockK) {
    int rows = Math.ceilDiv(problem.queries(), blockQ);
    int columns = Math.ceilDiv(problem.keys(), blockK);
    int maps = problem.batches() * problem.heads();
    return new BlockTables(problem.heads(), blockQ, blockK, new boolean[maps][rows][columns]);
  }

  /** From a given block_mask [B or 1, H or 1, N_q, N_k] of 0 and 1. */
  static BlockTables given(AttentionProblem problem, int blockQ, int blockK, Tensor mask) {
    BlockTables all = none(problem, blockQ, blockK);
    Shape shape = mask.shape();
    int rows = Math.ceilDiv(problem.queries(), blockQ);
    int columns = Math.ceilDiv(problem.keys(), blockK);
    Require.argument(
        shape.rank() == 4
            && shape.broadcastsOver(problem.batches(), problem.heads())
            && shape.extent(2) == rows
            && shape.extent(3) == columns,
        "block_mask has shape %s: [B, H, %d, %d] is needed for blocks of %d queries and %d keys",
        shape,
        rows,
        columns,
        blockQ,
        blockK);
    for (int map = 0; map < all.tables.length; map++) {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          double kept = KeepMask.broadcast(mask, map / all.heads, map % all.heads, row, column);
          all.tables[map][row][column] = kept != 0;
        }
      }
    }
    return all;
  }

  /** Whether the block of query i keeps the block of key j. */
  boolean keeps(int b, int h, int i, int j) {
    return tables[b * heads + h][i / blockQ][j / blockK];
  }

  /** The pairs in kept blocks. */
  Pairs pairs(AttentionProblem problem) {
    int[] qBounds = BlockMask.uniformBounds(problem.queries(), blockQ);
    int[] kBounds = BlockMask.uniformBounds(problem.keys(), blockK);
    return new Pairs(this::keeps, new BlockPlan(BlockMask.of(qBounds, kBounds, tables)));
  }

  /** As block_mask. */
  Tensor tensor(AttentionProblem problem) {
    Shape shape =
        Shape.of(
            problem.batches(),
            heads,
            Math.ceilDiv(problem.queries(), blockQ),
            Math.ceilDiv(problem.keys(), blockK));
    return KeepMask.where(shape, x -> tables[x[0] * heads + x[1]][x[2]][x[3]]);
  }
}
