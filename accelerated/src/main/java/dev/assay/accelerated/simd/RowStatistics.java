package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the backward needs to know of each query row: the LSE in units of log2, and {@code delta =
 * dOut . out - dLse}. An empty row's LSE is kept as +inf, so that all its probabilities come out as
 * 0.
 *
 * @param lse2 by query row
 * @param delta by query row
 */
record RowStatistics(float[] lse2, float[] delta) {
  static RowStatistics of(
      AttentionProblem problem,
      Forward forward,
      Tensor dOut,
      @Nullable Tensor dLse,
      Workers workers) {
    float[] lse = Objects.requireNonNull(forward.lse()).floats();
    float[] lse2 = new float[lse.length];
    float[] delta = new float[lse.length];
    workers.run(
        (lse.length + EDGE - 1) / EDGE,
        () ->
            task -> {
              for (int row = task * EDGE; row < Math.min(lse.length, (task + 1) * EDGE); row++) {
                boolean empty = lse[row] == Float.NEGATIVE_INFINITY;
                lse2[row] = empty ? Float.POSITIVE_INFINITY : (float) (lse[row] * Exp2.LOG2_E);
                double dot = dot(dOut.floats(), forward.out().floats(), row, problem.valueDepth());
                delta[row] = (float) (dLse == null ? dot : dot - dLse.floats()[row]);
              }
            });
    return new RowStatistics(lse2, delta);
  }

  private static double dot(float[] a, float[] b, int row, int width) {
    double sum = 0;
    for (int c = row * width; c < (row + 1) * width; c++) {
      sum += (double) a[c] * b[c];
    }
    return sum;
  }
}
