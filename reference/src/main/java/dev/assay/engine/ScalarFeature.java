package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.tensor.Tensor;

/**
 * Attention through features, pair by pair: {@code w_j = q . k_j}, {@code z = sum_j w_j + guard},
 * {@code out = sum_j w_j v_j / z}; backward {@code dv_j += w_j dOut / z}, {@code dw_j = dOut . (v_j
 * - out) / z}, {@code dq += dw_j k_j}, {@code dk_j += dw_j q}. A row with z = 0 gives 0 and no
 * gradient.
 */
final class ScalarFeature {
  private final AttentionProblem problem;
  private final double guard;
  private final RowKeys keys;
  private final double[] weights;

  ScalarFeature(AttentionProblem problem, FeaturePlan plan) {
    this.problem = problem;
    this.guard = plan.guard();
    this.keys = new RowKeys(problem, plan);
    this.weights = new double[problem.keys()];
  }

  Forward forward() {
    double[] out = new double[problem.outShape().size()];
    int channels = problem.valueDepth();
    for (int row = 0; row < problem.lseShape().size(); row++) {
      int[] at = problem.lseShape().index(row);
      double normaliser = load(at[0], at[1], at[2]);
      for (int e = 0; normaliser != 0 && e < keys.size(); e++) {
        int valueAt = keyRow(at, e) * channels;
        Rows.addScaled(out, row * channels, weights[e] / normaliser, values(), valueAt, channels);
      }
    }
    return new Forward(Tensor.adopt(problem.outShape(), out), null);
  }

  Gradients backward(Tensor out, Tensor dOut) {
    double[] dq = new double[problem.q().size()];
    double[] dk = new double[problem.k().size()];
    double[] dv = new double[problem.v().size()];
    int depth = problem.depth();
    int channels = problem.valueDepth();
    for (int row = 0; row < problem.lseShape().size(); row++) {
      int[] at = problem.lseShape().index(row);
      double normaliser = load(at[0], at[1], at[2]);
      int outAt = row * channels;
      double delta = Rows.dot(dOut.doubles(), outAt, out.doubles(), outAt, channels);
      for (int e = 0; normaliser != 0 && e < keys.size(); e++) {
        int keyRow = keyRow(at, e);
        int valueAt = keyRow * channels;
        Rows.addScaled(dv, valueAt, weights[e] / normaliser, dOut.doubles(), outAt, channels);
        double dp = Rows.dot(dOut.doubles(), outAt, values(), valueAt, channels);
        double dWeight = (dp - delta) / normaliser;
        Rows.addScaled(dq, row * depth, dWeight, problem.k().doubles(), keyRow * depth, depth);
        Rows.addScaled(dk, keyRow * depth, dWeight, problem.q().doubles(), row * depth, depth);
      }
    }
    return Gradients.of(
        Tensor.adopt(problem.q().shape(), dq),
        Tensor.adopt(problem.k().shape(), dk),
        Tensor.adopt(problem.v().shape(), dv));
  }

  /** Loads the row's weights and returns their sum plus the guard; 0 for an empty row. */
  private double load(int b, int h, int i) {
    keys.load(b, h, i);
    if (keys.size() == 0) {
      return 0;
    }
    int depth = problem.depth();
    int queryAt = problem.queryRow(b, h, i) * depth;
    double sum = 0;
    for (int e = 0; e < keys.size(); e++) {
      int keyAt = problem.keyRow(b, problem.kvHead(h), keys.key(e)) * depth;
      weights[e] = Rows.dot(problem.q().doubles(), queryAt, problem.k().doubles(), keyAt, depth);
      sum += weights[e];
    }
    return sum + guard;
  }

  private int keyRow(int[] at, int e) {
    return problem.keyRow(at[0], problem.kvHead(at[1]), keys.key(e));
  }

  private double[] values() {
    return problem.v().doubles();
  }
}
