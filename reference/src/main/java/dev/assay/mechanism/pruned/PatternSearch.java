package dev.assay.mechanism.pruned;

import dev.assay.mechanism.pruned.MInference.Reading;
import dev.assay.plan.AttentionProblem;
import java.util.Arrays;

/**
 * Where the weight of a head lies. With the weights P of the last queries, the probe:
 *
 * <pre>
 * vertical_j = sum over the probe of P_ij       slash_o = sum over the probe of P_i,i-o
 * columns = the largest vertical, after the first ones; diagonals = the largest slash, after the
 *           nearest ones
 * blocks of a row = the largest mean q_I . mean k_J, J &lt;= I
 * </pre>
 */
final class PatternSearch {
  private final MInference settings;
  private final AttentionProblem problem;
  private final Margin margin;

  PatternSearch(MInference settings, AttentionProblem problem, Margin margin) {
    this.settings = settings;
    this.problem = problem;
    this.margin = margin;
  }

  /** Which columns a head keeps. */
  boolean[] columns(HeadRows head) {
    double[] scores = probe(head, false);
    int size = Math.max(settings.vertical(), settings.firstColumns());
    return best(head, scores, settings.firstColumns(), size, "column");
  }

  /** Which diagonals a head keeps, by distance. */
  boolean[] diagonals(HeadRows head) {
    double[] scores = probe(head, true);
    int size = Math.max(settings.slash(), settings.minSlash());
    return best(head, scores, settings.nearDiagonals(), size, "diagonal");
  }

  /** The first ones come before all others, as far as the size goes. */
  private boolean[] best(HeadRows head, double[] scores, int first, int size, String what) {
    boolean[] forced = new boolean[scores.length];
    int many = Math.min(Math.min(first, size), problem.keyLength(head.b()));
    Arrays.fill(forced, 0, many, true);
    return Ranking.best(scores, forced, size, what, margin);
  }

  /** What the probe gives to each key, or to each distance; -inf behind the length. */
  double[] probe(HeadRows head, boolean byDistance) {
    int length = problem.queryLength(head.b());
    double[] sums = Ranking.nothing(problem.keys());
    Arrays.fill(sums, 0, length, 0);
    for (int i = Math.max(0, length - settings.probe()); i < length; i++) {
      double[] weights = head.weights(i, j -> true);
      for (int j = 0; j <= i; j++) {
        sums[byDistance ? i - j : j] += weights[j];
      }
    }
    return sums;
  }

  /** Which blocks each block of queries keeps. */
  boolean[][] blocks(HeadRows head) {
    int block = settings.block();
    int blocks = Math.ceilDiv(problem.queryLength(head.b()), block);
    int all = Math.ceilDiv(problem.queries(), block);
    boolean[][] kept = new boolean[all][all];
    for (int row = 0; row < blocks; row++) {
      double[] scores = Ranking.nothing(all);
      double[] query = head.meanQuery(row * block, (row + 1) * block);
      for (int column = 0; column <= row; column++) {
        double[] key = head.meanKey(column * block, (column + 1) * block);
        scores[column] = Probabilities.dot(query, key) * filled(head, row) * filled(head, column);
      }
      boolean[] forced = new boolean[all];
      forced[row] = settings.reading() == Reading.PRECISE;
      kept[row] = Ranking.best(scores, forced, settings.topBlocks(), "block", margin);
    }
    return kept;
  }

  /** By what a mean over valid tokens shrinks where the published code divides by the block. */
  private double filled(HeadRows head, int index) {
    if (settings.reading() == Reading.PRECISE) {
      return 1;
    }
    int from = index * settings.block();
    int valid = Math.min(settings.block(), problem.queryLength(head.b()) - from);
    return (double) valid / settings.block();
  }
}
