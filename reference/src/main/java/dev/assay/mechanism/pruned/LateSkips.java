package dev.assay.mechanism.pruned;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;

/**
 * The second stage of a {@link SpargeAttention}: along the kept blocks in ascending order a group
 * of rows skips one if each row's largest logit in it lies at least pv powers of two below the
 * row's maximum so far:
 *
 * <pre>
 * skip J  iff  max over rows of log2(e) (max_J s - max of the blocks before s) + pv &lt;= 0
 * </pre>
 *
 * A row's first block is never skipped.
 */
final class LateSkips {
  private static final double LOG2_E = 1 / StrictMath.log(2);

  private LateSkips() {}

  /** What is still computed of the kept blocks, by groups of rows. */
  static BlockTables of(
      AttentionProblem problem, BlockTables kept, int groupRows, double pv, Margin margin) {
    BlockTables computed = BlockTables.none(problem, groupRows, kept.blockK());
    for (HeadRows head : HeadRows.all(problem)) {
      boolean[][] table = computed.tables()[head.index()];
      for (int group = 0; group < table.length; group++) {
        int from = group * groupRows;
        int to = Math.min(from + groupRows, problem.queries());
        double[] max = Ranking.nothing(to - from);
        for (int column = 0; column < table[group].length; column++) {
          if (kept.tables()[head.index()][from / kept.blockQ()][column]) {
            double[] local = maxima(head, from, to, column * kept.blockK(), kept.blockK());
            double rise = rise(local, max);
            if (Double.isFinite(rise)) {
              margin.between(rise, -pv);
            }
            table[group][column] = rise + pv > 0;
            Arrays.setAll(max, row -> Math.max(max[row], local[row]));
          }
        }
      }
    }
    return computed;
  }

  private static double[] maxima(HeadRows head, int from, int to, int keyFrom, int blockK) {
    int keyTo = Math.min(keyFrom + blockK, head.problem().keys());
    double[] maxima = Ranking.nothing(to - from);
    for (int i = from; i < to; i++) {
      for (int j = keyFrom; j < keyTo; j++) {
        if (head.exists(i, j)) {
          maxima[i - from] = Math.max(maxima[i - from], LOG2_E * head.logit(i, j));
        }
      }
    }
    return maxima;
  }

  /** The largest rise of a row; infinite for a first block, -infinite where no row has a key. */
  private static double rise(double[] local, double[] before) {
    double rise = Double.NEGATIVE_INFINITY;
    for (int row = 0; row < local.length; row++) {
      if (local[row] != Double.NEGATIVE_INFINITY) {
        rise = Math.max(rise, local[row] - before[row]);
      }
    }
    return rise;
  }
}
