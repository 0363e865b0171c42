package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.BlockPools;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * The scores that a pattern is made from: {@code S = scale q k^T} of every token with every token,
 * or of the mean query of a block with the mean key of a block.
 *
 * @param scores [B, H, R, C], 0 where not admissible
 * @param admissible 1 where at least one pair of tokens may exist, in the same shape
 * @param keys [B, H, C, d]: keys, or means of keys, for each query head
 * @param size tokens in a row and a column: 1, or the block size
 * @param offsets position of the first query of each batch entry, in rows
 */
record ScorePlane(Var scores, Tensor admissible, Var keys, int size, int[] offsets) {

  /** Every pair of tokens. */
  static ScorePlane tokens(AttentionProblem problem, Var q, Var k) {
    Var keys = Softmax.perQueryHead(k, problem.heads());
    Tensor admissible = KeepMask.of(problem, (b, h, i, j) -> true);
    int[] offsets = IntStream.range(0, problem.batches()).map(problem::offset).toArray();
    return new ScorePlane(scores(problem, q, keys, admissible), admissible, keys, 1, offsets);
  }

  /** Every pair of blocks; rows and columns are blocks of one sequence. */
  static ScorePlane blocks(AttentionProblem problem, Var q, Var k, int size) {
    for (int b = 0; b < problem.batches(); b++) {
      Require.argument(
          problem.queries() == problem.keys() && problem.offset(b) == 0,
          "blocks are cut from one sequence, but %d queries stand at offset %d among %d keys:"
              + " choose level SCORE",
          problem.queries(),
          problem.offset(b),
          problem.keys());
    }
    Var rows = BlockPools.ofQueries(problem, size).mean(q);
    Var columns = BlockPools.ofKeys(problem, size).mean(Softmax.perQueryHead(k, problem.heads()));
    Tensor admissible = anyOf(problem, size);
    int[] offsets = new int[problem.batches()];
    return new ScorePlane(
        scores(problem, rows, columns, admissible), admissible, columns, size, offsets);
  }

  private static Var scores(AttentionProblem problem, Var rows, Var columns, Tensor admissible) {
    return Ops.scale(Ops.sddmm(rows, Ops.transpose(columns), admissible), problem.scale());
  }

  /** 1 for a block that holds a pair which the problem allows, [B, H, N_q, N_k]. */
  static Tensor anyOf(AttentionProblem problem, int size) {
    int rows = Math.ceilDiv(problem.queries(), size);
    int columns = Math.ceilDiv(problem.keys(), size);
    Shape blocks = Shape.of(problem.batches(), problem.heads(), rows, columns);
    return KeepMask.where(blocks, x -> holdsPair(problem, x, size));
  }

  private static boolean holdsPair(AttentionProblem problem, int[] block, int size) {
    int rows = Math.min((block[2] + 1) * size, problem.queries());
    int columns = Math.min((block[3] + 1) * size, problem.keys());
    for (int i = block[2] * size; i < rows; i++) {
      for (int j = block[3] * size; j < columns; j++) {
        if (KeepMask.exists(problem, block[0], block[1], i, j)) {
          return true;
        }
      }
    }
    return false;
  }

  Shape shape() {
    return admissible.shape();
  }

  boolean admits(int... at) {
    return admissible.at(at) != 0;
  }

  /** Position of a row minus that of a column: negative for a column behind the row. */
  int distance(int b, int row, int column) {
    return row + offsets[b] - column;
  }

  /** Whether some token of the row lies nearer than {@code reach} to some token of the column. */
  boolean near(int b, int row, int column, int reach) {
    int apart = Math.abs(distance(b, row, column));
    return apart == 0 || (long) (apart - 1) * size + 1 < reach;
  }

  /** The admissible columns of a row, ascending. */
  int[] candidates(int b, int h, int row) {
    return IntStream.range(0, shape().extent(3)).filter(c -> admits(b, h, row, c)).toArray();
  }

  /** How many columns are admissible, [B, H, R, 1]. */
  Tensor counts() {
    Shape rows = shape().with(3, 1);
    return Tensor.generate(
        rows,
        p -> {
          int[] x = rows.index(p);
          return candidates(x[0], x[1], x[2]).length;
        });
  }
}
