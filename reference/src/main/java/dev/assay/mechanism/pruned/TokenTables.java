package dev.assay.mechanism.pruned;

import dev.assay.check.Require;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.GatherPlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which keys each query keeps.
 *
 * @param heads query heads
 * @param tables at b * heads + h: a row of keys for each query
 */
record TokenTables(int heads, boolean[][][] tables) {
  /** Nothing is kept yet. */
  static TokenTables none(AttentionProblem problem) {
    int maps = problem.batches() * problem.heads();
    return new TokenTables(problem.heads(), new boolean[maps][problem.queries()][problem.keys()]);
  }

  /** From a given tensor [B or 1, H or 1, n_q, n_k] of 0 and 1. */
  static TokenTables given(AttentionProblem problem, Tensor kept, String name) {
    TokenTables all = none(problem);
    Shape shape = kept.shape();
    Require.argument(
        shape.rank() == 4
            && shape.broadcastsOver(problem.batches(), problem.heads())
            && shape.extent(2) == problem.queries()
            && shape.extent(3) == problem.keys(),
        "%s has shape %s: [B, H, %d, %d] is needed",
        name,
        shape,
        problem.queries(),
        problem.keys());
    for (int map = 0; map < all.tables.length; map++) {
      for (int i = 0; i < problem.queries(); i++) {
        for (int j = 0; j < problem.keys(); j++) {
          all.tables[map][i][j] =
              KeepMask.broadcast(kept, map / all.heads, map % all.heads, i, j) != 0;
        }
      }
    }
    return all;
  }

  /** Whether query i keeps key j. */
  boolean keeps(int b, int h, int i, int j) {
    return tables[b * heads + h][i][j];
  }

  /** The kept pairs, as a list of keys for each query. */
  Pairs pairs(AttentionProblem problem) {
    int[] rowPtr = new int[tables.length * problem.queries() + 1];
    int row = 0;
    int total = 0;
    for (boolean[][] table : tables) {
      for (boolean[] kept : table) {
        total += Ranking.count(kept);
        rowPtr[++row] = total;
      }
    }
    int[] keys =
        Arrays.stream(tables)
            .flatMap(Arrays::stream)
            .flatMapToInt(kept -> IntStream.range(0, kept.length).filter(j -> kept[j]))
            .toArray();
    return new Pairs(this::keeps, GatherPlan.once(rowPtr, keys));
  }

  /** As a tensor [B, H, n_q, n_k] of 0 and 1. */
  Tensor tensor(AttentionProblem problem) {
    Shape shape = Shape.of(problem.batches(), heads, problem.queries(), problem.keys());
    return KeepMask.where(shape, x -> tables[x[0] * heads + x[1]][x[2]][x[3]]);
  }
}
