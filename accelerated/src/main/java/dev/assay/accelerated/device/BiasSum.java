package dev.assay.accelerated.device;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Objects;

/**
 * The gradient of a bias: dS summed over the axes along which the bias is broadcast.
 *
 * <p>A bias with both a query and a key axis gets its gradient from a kernel of its own. The others
 * need only the sums of dS over each query's keys, or over each key's queries, which the gradient
 * kernels bring along; here they are added up, in fp64 and in order of batch entry, head and row.
 */
public final class BiasSum {
  private BiasSum() {}

  /** Whether the bias has a number for each pair of a query and a key. */
  public static boolean pairwise(AttentionProblem problem) {
    Tensor bias = problem.bias();
    return bias != null && bias.shape().extent(2) > 1 && bias.shape().extent(3) > 1;
  }

  /**
   * The gradient of a bias without a key axis, from {@code querySums} [B, H, n_q], or without a
   * query axis, from {@code keySums} [B, H, n_k].
   */
  public static Tensor of(AttentionProblem problem, float[] querySums, float[] keySums) {
    Shape shape = Objects.requireNonNull(problem.bias()).shape();
    int[] strides = shape.strides();
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = shape.extent(axis) == 1 ? 0 : strides[axis];
    }
    boolean byQuery = shape.extent(3) == 1;
    float[] sums = byQuery ? querySums : keySums;
    int rows = byQuery ? problem.queries() : problem.keys();
    int stride = byQuery ? strides[2] : strides[3];
    double[] total = new double[shape.size()];
    for (int at = 0; at < sums.length; at++) {
      int h = at / rows % problem.heads();
      int b = at / rows / problem.heads();
      total[b * strides[0] + h * strides[1] + at % rows * stride] += sums[at];
    }
    float[] gradient = new float[total.length];
    for (int at = 0; at < total.length; at++) {
      gradient[at] = (float) total[at];
    }
    return Tensor.adopt(shape, gradient);
  }
}
