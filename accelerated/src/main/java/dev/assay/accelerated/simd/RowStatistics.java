package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.tensor.Tensor;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * What the backward needs to know of each query row: the LSE, and {@code delta = dOut . out -
 * dLse}. An empty row's LSE is kept as +inf, so that all its probabilities come out as 0.
 *
 * @param lse by query row
 * @param delta by query row
 */
record RowStatistics(float[] lse, float[] delta) {
  static RowStatistics of(
      AttentionProblem problem,
      Forward forward,
      Tensor dOut,
      @Nullable Tensor dLse,
      Workers workers) {
    float[] given = Objects.requireNonNull(forward.lse()).floats();
    float[] lse = new float[given.length];
    float[] delta = new float[lse.length];
    int width = problem.valueDepth();
    workers.run(
        (lse.length + EDGE - 1) / EDGE,
        () -> {
          float[] lanes = new float[LANES];
          return task -> {
            for (int row = task * EDGE; row < Math.min(lse.length, (task + 1) * EDGE); row++) {
              boolean empty = given[row] == Float.NEGATIVE_INFINITY;
              lse[row] = empty ? Float.POSITIVE_INFINITY : given[row];
              double dot = dot(dOut.floats(), forward.out().floats(), row * width, width, lanes);
              delta[row] = (float) (dLse == null ? dot : dot - dLse.floats()[row]);
            }
          };
        });
    return new RowStatistics(lse, delta);
  }

  /** Lanes are added up in fp64, in their order. */
  private static double dot(float[] a, float[] b, int from, int width, float[] lanes) {
    FloatVector products = FloatVector.zero(SPECIES);
    int c = 0;
    for (; c + LANES <= width; c += LANES) {
      products =
          FloatVector.fromArray(SPECIES, a, from + c)
              .fma(FloatVector.fromArray(SPECIES, b, from + c), products);
    }
    products.intoArray(lanes, 0);
    double sum = 0;
    for (float lane : lanes) {
      sum += lane;
    }
    for (; c < width; c++) {
      sum += (double) a[from + c] * b[from + c];
    }
    return sum;
  }
}
