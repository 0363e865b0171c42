package dev.assay.mechanism.selected;

import dev.assay.plan.AttentionProblem;

/**
 * The weights of dense attention, row by row and by value: what a gate is taught. No gradient
 * reaches the teacher.
 *
 * @param problem which pairs exist
 */
record DenseTeacher(AttentionProblem problem) {
  /** The softmax weights of a query over all keys; zeros for a query without keys. */
  double[] row(int b, int h, int i) {
    int keys = problem.keys();
    double[] weights = new double[keys];
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < keys; j++) {
      weights[j] = problem.allows(b, h, i, j) ? logit(b, h, i, j) : Double.NEGATIVE_INFINITY;
      max = Math.max(max, weights[j]);
    }
    double sum = 0;
    for (int j = 0; j < keys; j++) {
      weights[j] = weights[j] == Double.NEGATIVE_INFINITY ? 0 : StrictMath.exp(weights[j] - max);
      sum += weights[j];
    }
    for (int j = 0; j < keys && sum > 0; j++) {
      weights[j] /= sum;
    }
    return weights;
  }

  private double logit(int b, int h, int i, int j) {
    int depth = problem.depth();
    int query = problem.queryRow(b, h, i) * depth;
    int key = problem.keyRow(b, problem.kvHead(h), j) * depth;
    double dot = 0;
    for (int c = 0; c < depth; c++) {
      dot += problem.q().get(query + c) * problem.k().get(key + c);
    }
    return problem.scale() * dot;
  }

  /** Raises the elements of {@code largest} to the largest weight of each block. */
  void raise(double[] largest, double[] weights, int size) {
    for (int j = 0; j < weights.length; j++) {
      largest[j / size] = Math.max(largest[j / size], weights[j]);
    }
  }

  /** Divides by the sum and a guard; what sums to 0 stays 0. */
  static double[] normalised(double[] row, double guard) {
    double sum = guard;
    for (double one : row) {
      sum += one;
    }
    double[] shares = new double[row.length];
    for (int c = 0; c < row.length && sum > 0; c++) {
      shares[c] = row[c] / sum;
    }
    return shares;
  }
}
