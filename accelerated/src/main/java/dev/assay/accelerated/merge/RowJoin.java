package dev.assay.accelerated.merge;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.MergePlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/**
 * Joins branches row by row, in their order; an empty row of a branch is left out, whatever its
 * gate and its cotangent hold. The weights of a row are computed in fp64 and the sums over branches
 * too: there are few of them.
 */
final class RowJoin {
  private final MergePlan plan;
  private final AttentionProblem first;
  private final int rows;
  private final int channels;

  RowJoin(MergePlan plan) {
    this.plan = plan;
    this.first = plan.branches().getFirst().problem();
    this.rows = first.lseShape().size();
    this.channels = first.valueDepth();
  }

  /** {@code L = log sum_s exp L_s}, {@code O = sum_s exp(L_s - L) O_s}; empty rows are left out. */
  Forward byLse(List<Forward> parts) {
    float[] out = new float[rows * channels];
    float[] lse = new float[rows];
    double[] weights = new double[parts.size()];
    for (int row = 0; row < rows; row++) {
      double joined = logSumExp(parts, row);
      lse[row] = (float) joined;
      for (int s = 0; s < parts.size(); s++) {
        double own = lse(parts.get(s))[row];
        weights[s] = own == Double.NEGATIVE_INFINITY ? 0 : StrictMath.exp(own - joined);
      }
      mix(parts, weights, row, out);
    }
    return new Forward(Tensor.adopt(first.outShape(), out), Tensor.adopt(first.lseShape(), lse));
  }

  private static double logSumExp(List<Forward> parts, int row) {
    double max = Double.NEGATIVE_INFINITY;
    for (Forward part : parts) {
      max = Math.max(max, lse(part)[row]);
    }
    if (max == Double.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    for (Forward part : parts) {
      sum += StrictMath.exp(lse(part)[row] - max);
    }
    return max + StrictMath.log(sum);
  }

  private static float[] lse(Forward part) {
    return Objects.requireNonNull(part.lse()).floats();
  }

  /** {@code O = sum_s g_s O_s}. */
  Forward byGates(List<Forward> parts, Tensor gates) {
    float[] out = new float[rows * channels];
    double[] weights = new double[parts.size()];
    for (int row = 0; row < rows; row++) {
      for (int s = 0; s < weights.length; s++) {
        weights[s] = gates.floats()[s * rows + row];
      }
      mix(parts, weights, row, out);
    }
    return new Forward(Tensor.adopt(first.outShape(), out), null);
  }

  private void mix(List<Forward> parts, double[] weights, int row, float[] out) {
    for (int at = row * channels; at < (row + 1) * channels; at++) {
      double sum = 0;
      for (int s = 0; s < weights.length; s++) {
        sum += empty(s, parts.get(s), row) ? 0 : weights[s] * parts.get(s).out().floats()[at];
      }
      out[at] = (float) sum;
    }
  }

  /** Whether a row of branch s has no key; without an LSE its range of keys tells. */
  private boolean empty(int s, Forward part, int row) {
    Tensor lse = part.lse();
    if (lse != null) {
      return lse.floats()[row] == Float.NEGATIVE_INFINITY;
    }
    AttentionProblem problem = plan.branches().get(s).problem();
    int[] at = problem.lseShape().index(row);
    int[] keys = problem.keyRange(at[0], at[2]);
    return keys[0] >= keys[1];
  }

  /** The cotangent of branch s under gates: {@code g_s dO}. */
  Tensor gated(Tensor gates, int s, Tensor dOut) {
    float[] scaled = new float[rows * channels];
    for (int at = 0; at < scaled.length; at++) {
      scaled[at] = gates.floats()[s * rows + at / channels] * dOut.floats()[at];
    }
    return Tensor.adopt(dOut.shape(), scaled);
  }

  /** The gradient of the gates: {@code dg_s = dO . O_s}, 0 where branch s has no key. */
  Tensor gateGradient(Shape shape, List<Forward> parts, Tensor dOut) {
    float[] gradient = new float[shape.size()];
    for (int at = 0; at < gradient.length; at++) {
      float[] part = parts.get(at / rows).out().floats();
      double sum = 0;
      int end = empty(at / rows, parts.get(at / rows), at % rows) ? 0 : (at % rows + 1) * channels;
      for (int c = at % rows * channels; c < end; c++) {
        sum += (double) dOut.floats()[c] * part[c];
      }
      gradient[at] = (float) sum;
    }
    return Tensor.adopt(shape, gradient);
  }
}
