package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Plan;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/**
 * Softmax attention, row by row: {@code p_j = exp(s_j - max) / sum}, {@code L = max + log sum},
 * {@code out = sum_j drop_j p_j v_j}. Keys ascend in every sum. A pair that dropout drops does not
 * read its value.
 */
final class ScalarSoftmax {
  private ScalarSoftmax() {}

  static Forward forward(AttentionProblem problem, Plan plan) {
    double[] out = new double[problem.outShape().size()];
    double[] lse = new double[problem.lseShape().size()];
    Arrays.fill(lse, Double.NEGATIVE_INFINITY);
    RowLogits logits = new RowLogits(problem, plan);
    double[] weights = new double[problem.keys()];
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.heads(); h++) {
        for (int i = 0; i < problem.queries(); i++) {
          logits.load(b, h, i);
          if (logits.size() > 0) {
            lse[problem.queryRow(b, h, i)] = softmax(logits, weights);
            weighValues(problem, b, h, i, logits, weights, out);
          }
        }
      }
    }
    return new Forward(
        Tensor.adopt(problem.outShape(), out), Tensor.adopt(problem.lseShape(), lse));
  }

  private static double softmax(RowLogits logits, double[] weights) {
    double rowMax = logits.max();
    double rowSum = 0;
    for (int e = 0; e < logits.size(); e++) {
      weights[e] = StrictMath.exp(logits.logit(e) - rowMax);
      rowSum += weights[e];
    }
    for (int e = 0; e < logits.size(); e++) {
      weights[e] /= rowSum;
    }
    return rowMax + StrictMath.log(rowSum);
  }

  private static void weighValues(
      AttentionProblem problem,
      int b,
      int h,
      int i,
      RowLogits logits,
      double[] weights,
      double[] out) {
    int channels = problem.valueDepth();
    int outAt = problem.queryRow(b, h, i) * channels;
    for (int e = 0; e < logits.size(); e++) {
      int j = logits.key(e);
      double dropout = problem.dropoutAt(b, h, i, j);
      if (dropout != 0) {
        int valueAt = problem.keyRow(b, problem.kvHead(h), j) * channels;
        Rows.addScaled(out, outAt, dropout * weights[e], problem.v().doubles(), valueAt, channels);
      }
    }
  }
}
