package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.GatherPlan;
import java.util.Arrays;

/**
 * The pairs of a gather plan that the problem allows, by query.
 *
 * @param rowPtr for each query row the start of its pairs, and at the end the total
 * @param keys keys within the batch entry, ascending within a row
 * @param logCounts logarithms of the multiplicities
 */
record PairLists(int[] rowPtr, int[] keys, float[] logCounts) {
  static PairLists of(AttentionProblem problem, GatherPlan plan) {
    int[] rowPtr = new int[plan.rowPtr().length];
    int[] keys = new int[plan.keys().length];
    float[] logCounts = new float[keys.length];
    int kept = 0;
    for (int row = 0; row + 1 < rowPtr.length; row++) {
      int i = row % problem.queries();
      int h = row / problem.queries() % problem.heads();
      int b = row / problem.queries() / problem.heads();
      int[] range = problem.keyRange(b, i);
      for (int e = plan.rowPtr()[row]; e < plan.rowPtr()[row + 1]; e++) {
        int j = plan.keys()[e];
        if (j >= range[0] && j < range[1] && problem.admits(b, h, i, j)) {
          keys[kept] = j;
          logCounts[kept++] = (float) Ln.of(plan.counts()[e]);
        }
      }
      rowPtr[row + 1] = kept;
    }
    return new PairLists(rowPtr, Arrays.copyOf(keys, kept), Arrays.copyOf(logCounts, kept));
  }
}
