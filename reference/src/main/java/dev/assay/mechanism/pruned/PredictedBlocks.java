package dev.assay.mechanism.pruned;

import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.pruned.SpargeAttention.Reading;
import dev.assay.plan.AttentionProblem;
import java.util.Arrays;
import java.util.List;

/**
 * The first stage of a {@link SpargeAttention}:
 *
 * <pre>
 * s_IJ = scale mean q_I . mean k_J              where block J is a candidate and alike
 * p_I  = softmax over J of s_IJ
 * kept = the largest p while their sum is at most cdf, at least one;
 *        all candidates of a block of queries, and all blocks of keys, that are not alike
 * </pre>
 */
final class PredictedBlocks {
  private final SpargeAttention sparge;
  private final AttentionProblem problem;
  private final Margin margin;
  private final int rows;
  private final int columns;
  private final boolean[][] queriesAlike;
  private final boolean[][] keysAlike;

  PredictedBlocks(SpargeAttention sparge, AttentionProblem problem, Margin margin) {
    this.sparge = sparge;
    this.problem = problem;
    this.margin = margin;
    this.rows = Math.ceilDiv(problem.queries(), sparge.blockQ());
    this.columns = Math.ceilDiv(problem.keys(), sparge.blockK());
    List<HeadRows> heads = HeadRows.all(problem);
    this.queriesAlike = new boolean[heads.size()][rows];
    this.keysAlike = new boolean[heads.size()][columns];
    for (HeadRows head : heads) {
      double[] shift = meanKey(head);
      for (int row = 0; row < rows; row++) {
        queriesAlike[head.index()][row] = alike(queries(head, row));
      }
      for (int column = 0; column < columns; column++) {
        keysAlike[head.index()][column] = alike(keys(head, column, shift));
      }
    }
  }

  /** By prediction. */
  BlockTables choose() {
    BlockTables kept = BlockTables.none(problem, sparge.blockQ(), sparge.blockK());
    for (HeadRows head : HeadRows.all(problem)) {
      choose(head, kept.tables()[head.index()]);
    }
    return kept;
  }

  private void choose(HeadRows head, boolean[][] kept) {
    boolean[] alike = keysAlike[head.index()];
    double[][] means = means(head);
    for (int row = 0; row < rows; row++) {
      boolean[] candidates = candidates(head, row);
      if (Ranking.count(candidates) == 0) {
        continue;
      }
      boolean[] predicted = predicted(scores(head, row, means), Ranking.count(candidates));
      boolean all = !queriesAlike[head.index()][row];
      for (int column = 0; column < columns; column++) {
        boolean forced = all || !alike[column] || (sparge.sink() && column == 0);
        kept[row][column] = candidates[column] && (predicted[column] || forced);
      }
    }
  }

  private double[][] means(HeadRows head) {
    double[] shift = meanKey(head);
    double[][] means = new double[columns][];
    for (int column = 0; column < columns; column++) {
      means[column] = minus(head.meanKey(keyFrom(column), keyTo(column)), shift);
    }
    return means;
  }

  /** s_IJ of a block of queries; -inf for blocks that are no candidates or not alike. */
  private double[] scores(HeadRows head, int row, double[][] means) {
    boolean[] candidates = candidates(head, row);
    double[] query = head.meanQuery(queryFrom(row), queryTo(row));
    double[] scores = Ranking.nothing(columns);
    for (int column = 0; column < columns; column++) {
      if (candidates[column] && keysAlike[head.index()][column]) {
        scores[column] = factor() * Probabilities.dot(query, means[column]);
      }
    }
    return scores;
  }

  /** p_IJ of a block of queries; -inf for blocks of which nothing is predicted. */
  double[] masses(HeadRows head, int row) {
    double[] scores = scores(head, row, means(head));
    double[] mass = Probabilities.softmax(scores);
    Arrays.setAll(
        mass,
        column ->
            scores[column] == Double.NEGATIVE_INFINITY ? Double.NEGATIVE_INFINITY : mass[column]);
    return mass;
  }

  /** Why a kept block is kept. */
  String reason(HeadRows head, int row, int column) {
    if (!queriesAlike[head.index()][row]) {
      return "queries not alike";
    }
    if (!keysAlike[head.index()][column]) {
      return "keys not alike";
    }
    return sparge.sink() && column == 0 ? "first block" : "predicted block";
  }

  private double factor() {
    return sparge.reading() == Reading.LITERAL ? 1 / Math.sqrt(problem.depth()) : problem.scale();
  }

  private boolean[] predicted(double[] scores, int candidates) {
    double[] mass = Probabilities.softmax(scores);
    int[] order = BestScores.order(scores, "block");
    int taken;
    if (sparge.topk() > 0) {
      int of = sparge.reading() == Reading.LITERAL ? columns : candidates;
      taken = (int) (sparge.topk() * of);
    } else {
      taken = Probabilities.within(mass, order, sparge.cdf(), margin);
    }
    taken = Math.min(Math.max(taken, 1), order.length);
    boolean[] predicted = new boolean[scores.length];
    for (int place = 0; place < taken; place++) {
      predicted[order[place]] = true;
    }
    if (taken > 0 && taken < order.length) {
      margin.between(scores[order[taken - 1]], scores[order[taken]]);
    }
    return predicted;
  }

  private boolean[] candidates(HeadRows head, int row) {
    boolean[] candidates = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      boolean before =
          !problem.causal() || (long) column * sparge.blockK() < (long) (row + 1) * sparge.blockQ();
      boolean valid =
          queryFrom(row) < problem.queryLength(head.b())
              && keyFrom(column) < problem.keyLength(head.b());
      candidates[column] =
          valid
              && (sparge.reading() == Reading.LITERAL
                  ? before
                  : head.meet(queryFrom(row), queryTo(row), keyFrom(column), keyTo(column)));
    }
    return candidates;
  }

  /** Mean of all valid keys, or zeros if keys are not smoothed. */
  private double[] meanKey(HeadRows head) {
    return sparge.smoothK() ? head.meanKey(0, problem.keys()) : new double[problem.depth()];
  }

  private static double[] minus(double[] x, double[] shift) {
    double[] difference = x.clone();
    for (int c = 0; c < x.length; c++) {
      difference[c] -= shift[c];
    }
    return difference;
  }

  /** The valid queries of a block. */
  private double[][] queries(HeadRows head, int row) {
    int end = Math.min(queryTo(row), problem.queryLength(head.b()));
    double[][] tokens = new double[Math.max(0, end - queryFrom(row))][problem.depth()];
    for (int i = queryFrom(row); i < end; i++) {
      for (int c = 0; c < problem.depth(); c++) {
        tokens[i - queryFrom(row)][c] = head.query(i, c);
      }
    }
    return tokens;
  }

  /** The valid keys of a block less the mean key. */
  private double[][] keys(HeadRows head, int column, double[] shift) {
    int end = Math.min(keyTo(column), problem.keyLength(head.b()));
    double[][] tokens = new double[Math.max(0, end - keyFrom(column))][problem.depth()];
    for (int j = keyFrom(column); j < end; j++) {
      for (int c = 0; c < problem.depth(); c++) {
        tokens[j - keyFrom(column)][c] = head.key(j, c) - shift[c];
      }
    }
    return tokens;
  }

  private boolean alike(double[][] tokens) {
    if (tokens.length == 0) {
      return false;
    }
    double similarity = similarity(tokens, sparge.reading() == Reading.PRECISE);
    margin.between(similarity, sparge.simThreshold());
    return similarity > sparge.simThreshold();
  }

  /**
   * The mean of all cosines, {@code |sum_t x_t / |x_t||^2 / count^2}.
   *
   * @param guarded whether a row of zeros has cosines of 0, instead of NaN
   */
  static double similarity(double[][] tokens, boolean guarded) {
    double[] sum = new double[tokens[0].length];
    for (double[] token : tokens) {
      double norm = StrictMath.sqrt(Probabilities.dot(token, token));
      for (int c = 0; c < sum.length; c++) {
        sum[c] += guarded && norm == 0 ? 0 : token[c] / norm;
      }
    }
    return Probabilities.dot(sum, sum) / ((double) tokens.length * tokens.length);
  }

  private int queryFrom(int row) {
    return row * sparge.blockQ();
  }

  private int queryTo(int row) {
    return Math.min(queryFrom(row) + sparge.blockQ(), problem.queries());
  }

  private int keyFrom(int column) {
    return column * sparge.blockK();
  }

  private int keyTo(int column) {
    return Math.min(keyFrom(column) + sparge.blockK(), problem.keys());
  }
}
