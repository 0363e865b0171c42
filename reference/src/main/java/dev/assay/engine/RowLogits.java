package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Plan;

/**
 * The logits of one query row, {@code s_j = cap(scale q . k_j) + bias_j + log count_j} with {@code
 * cap(x) = c tanh(x / c)} where the problem has a softcap. Forward and backward both get their rows
 * here, so that they can never disagree on which keys there are.
 *
 * <p>A key whose logit is -inf is left out of the row: it counts as masked, and its value is not
 * read.
 */
final class RowLogits {
  private final AttentionProblem problem;
  private final RowKeys candidates;
  private final int[] keys;
  private final double[] logits;
  private final double[] slopes;
  private int size;

  RowLogits(AttentionProblem problem, Plan plan) {
    this.problem = problem;
    this.candidates = new RowKeys(problem, plan);
    this.keys = new int[problem.keys()];
    this.logits = new double[problem.keys()];
    this.slopes = new double[problem.keys()];
  }

  /** How many keys the row has; 0 for an empty row. */
  int size() {
    return size;
  }

  /** The e-th key, ascending. */
  int key(int e) {
    return keys[e];
  }

  /** The e-th logit. */
  double logit(int e) {
    return logits[e];
  }

  /** Derivative of the e-th logit by scale q . k: 1 without a softcap. */
  double slope(int e) {
    return slopes[e];
  }

  /** The largest logit; NaN if one is NaN; -inf for an empty row. */
  double max() {
    double max = Double.NEGATIVE_INFINITY;
    for (int e = 0; e < size; e++) {
      max = Math.max(max, logits[e]);
    }
    return max;
  }

  /** Moves to query row i of batch entry b and head h. */
  void load(int b, int h, int i) {
    candidates.load(b, h, i);
    size = 0;
    int depth = problem.depth();
    int queryAt = problem.queryRow(b, h, i) * depth;
    double cap = problem.softcap();
    for (int e = 0; e < candidates.size(); e++) {
      int j = candidates.key(e);
      int keyAt = problem.keyRow(b, problem.kvHead(h), j) * depth;
      double score =
          problem.scale()
              * Rows.dot(problem.q().doubles(), queryAt, problem.k().doubles(), keyAt, depth);
      double slope = 1;
      if (cap > 0) {
        double tanh = StrictMath.tanh(score / cap);
        score = cap * tanh;
        slope = 1 - tanh * tanh;
      }
      if (problem.bias() != null) {
        score += problem.biasAt(b, h, i, j);
      }
      if (candidates.count(e) > 1) {
        score += StrictMath.log(candidates.count(e));
      }
      if (score != Double.NEGATIVE_INFINITY) {
        keys[size] = j;
        logits[size] = score;
        slopes[size++] = slope;
      }
    }
  }
}
