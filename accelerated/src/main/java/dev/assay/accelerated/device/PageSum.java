package dev.assay.accelerated.device;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;

/**
 * Gradients of keys by position, [B, H_kv, n_k, d], as gradients of the pools that the keys lie in.
 * Batch entries may share a page: their shares are added in fp64, in ascending order. Slots that
 * nobody uses get 0.
 */
public final class PageSum {
  private PageSum() {}

  /** The gradient of k or v, whichever {@code of} is. */
  public static Tensor of(AttentionProblem problem, Tensor of, float[] byPosition) {
    if (problem.paging() == null) {
      return Tensor.adopt(of.shape(), byPosition);
    }
    int width = of.shape().extent(3);
    double[] total = new double[of.size()];
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.kvHeads(); h++) {
        for (int j = 0; j < problem.keyLength(b); j++) {
          int from = ((b * problem.kvHeads() + h) * problem.keys() + j) * width;
          int to = problem.keyRow(b, h, j) * width;
          for (int c = 0; c < width; c++) {
            total[to + c] += byPosition[from + c];
          }
        }
      }
    }
    float[] gradient = new float[total.length];
    for (int at = 0; at < total.length; at++) {
      gradient[at] = (float) total[at];
    }
    return Tensor.adopt(of.shape(), gradient);
  }
}
