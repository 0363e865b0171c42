package dev.assay.mechanism.selected;

import dev.assay.mechanism.SoftmaxOfNumbers;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * The weights of dense attention, row by row and by value: what a gate is taught. No gradient
 * reaches the teacher.
 *
 * @param problem which pairs exist
 */
record DenseWeights(AttentionProblem problem) {
  /** All of them, [B, H, n_q, n_k]; 0 where a pair does not exist. */
  Tensor all() {
    Shape shape = Shape.of(problem.batches(), problem.heads(), problem.queries(), problem.keys());
    double[] all = new double[shape.size()];
    int keys = problem.keys();
    for (int row = 0; row * keys < all.length; row++) {
      int h = row / problem.queries() % problem.heads();
      int b = row / problem.queries() / problem.heads();
      System.arraycopy(row(b, h, row % problem.queries()), 0, all, row * keys, keys);
    }
    return Tensor.adopt(shape, all);
  }

  /** The softmax weights of a query over all keys; zeros for a query without keys. */
  double[] row(int b, int h, int i) {
    double[] logits = new double[problem.keys()];
    for (int j = 0; j < logits.length; j++) {
      logits[j] = problem.allows(b, h, i, j) ? logit(b, h, i, j) : Double.NEGATIVE_INFINITY;
    }
    return SoftmaxOfNumbers.of(logits);
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
}
