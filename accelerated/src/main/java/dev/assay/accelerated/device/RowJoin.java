package dev.assay.accelerated.device;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.MergePlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/**
 * Joins branches row by row, in their order. The weights of a row are computed in fp64 and the sums
 * over branches too: there are few of them.
 */
final class RowJoin {
  private final AttentionProblem first;
  private final int rows;
  private final int channels;

  RowJoin(MergePlan plan) {
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
      mix(parts, weights, row, out, true);
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
      mix(parts, weights, row, out, false);
    }
    return new Forward(Tensor.adopt(first.outShape(), out), null);
  }

  private void mix(
      List<Forward> parts, double[] weights, int row, float[] out, boolean leaveOutEmpty) {
    for (int at = row * channels; at < (row + 1) * channels; at++) {
      double sum = 0;
      for (int s = 0; s < weights.length; s++) {
        boolean empty = leaveOutEmpty && lse(parts.get(s))[row] == Float.NEGATIVE_INFINITY;
        sum += empty ? 0 : weights[s] * parts.get(s).out().floats()[at];
      }
      out[at] = (float) sum;
    }
  }

  /** The cotangent of branch s under gates: {@code g_s dO}. */
  Tensor gated(Tensor gates, int s, Tensor dOut) {
    float[] scaled = new float[rows * channels];
    for (int at = 0; at < scaled.length; at++) {
      scaled[at] = gates.floats()[s * rows + at / channels] * dOut.floats()[at];
    }
    return Tensor.adopt(dOut.shape(), scaled);
  }

  /** The gradient of the gates: {@code dg_s = dO . O_s}. */
  Tensor gateGradient(Shape shape, List<Forward> parts, Tensor dOut) {
    float[] gradient = new float[shape.size()];
    for (int at = 0; at < gradient.length; at++) {
      float[] part = parts.get(at / rows).out().floats();
      double sum = 0;
      for (int c = at % rows * channels; c < (at % rows + 1) * channels; c++) {
        sum += (double) dOut.floats()[c] * part[c];
      }
      gradient[at] = (float) sum;
    }
    return Tensor.adopt(shape, gradient);
  }
}
