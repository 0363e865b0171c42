package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.Plan;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/** Plans that list keys for each query. */
final class Scattered {
  private Scattered() {}

  /** Lists in which each pair stands with a probability of a half, once to three times. */
  static Plan lists(Draw draw, AttentionProblem problem) {
    int rows = problem.lseShape().size();
    Tensor coin = draw.coin(8, 0.5, rows, problem.keys());
    Tensor twice = draw.coin(9, 0.3, rows, problem.keys());
    int[] rowPtr = new int[rows + 1];
    int[] keys = new int[rows * problem.keys()];
    int[] counts = new int[keys.length];
    int listed = 0;
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < problem.keys(); j++) {
        if (coin.at(row, j) != 0) {
          keys[listed] = j;
          counts[listed++] = twice.at(row, j) != 0 ? 2 + j % 2 : 1;
        }
      }
      rowPtr[row + 1] = listed;
    }
    return new GatherPlan(rowPtr, Arrays.copyOf(keys, listed), Arrays.copyOf(counts, listed));
  }
}
