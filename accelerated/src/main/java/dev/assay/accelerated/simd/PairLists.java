package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.GatherPlan;
import java.util.Arrays;

/**
 * The pairs of a gather plan that the problem allows, by query and by key.
 *
 * @param rowPtr for each query row the start of its pairs, and at the end the total
 * @param keys keys within the batch entry, ascending within a row
 * @param logCounts logarithms of the multiplicities
 * @param keyPtr for each (batch entry, key head, key) the start of its pairs in {@code entries}
 * @param entries positions in {@code keys}, ascending within a key
 * @param rows the query row of each of {@code entries}
 */
record PairLists(
    int[] rowPtr, int[] keys, float[] logCounts, int[] keyPtr, int[] entries, int[] rows) {
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
    return byKey(problem, rowPtr, Arrays.copyOf(keys, kept), Arrays.copyOf(logCounts, kept));
  }

  private static PairLists byKey(
      AttentionProblem problem, int[] rowPtr, int[] keys, float[] logCounts) {
    int[] keyPtr = new int[problem.batches() * problem.kvHeads() * problem.keys() + 1];
    for (int row = 0; row + 1 < rowPtr.length; row++) {
      for (int e = rowPtr[row]; e < rowPtr[row + 1]; e++) {
        keyPtr[slot(problem, row, keys[e]) + 1]++;
      }
    }
    for (int slot = 0; slot + 1 < keyPtr.length; slot++) {
      keyPtr[slot + 1] += keyPtr[slot];
    }
    int[] next = keyPtr.clone();
    int[] entries = new int[keys.length];
    int[] rows = new int[keys.length];
    for (int row = 0; row + 1 < rowPtr.length; row++) {
      for (int e = rowPtr[row]; e < rowPtr[row + 1]; e++) {
        int to = next[slot(problem, row, keys[e])]++;
        entries[to] = e;
        rows[to] = row;
      }
    }
    return new PairLists(rowPtr, keys, logCounts, keyPtr, entries, rows);
  }

  private static int slot(AttentionProblem problem, int row, int j) {
    int h = row / problem.queries() % problem.heads();
    int b = row / problem.queries() / problem.heads();
    return slot(problem, b, problem.kvHead(h), j);
  }

  /** Where a key's pairs are kept. */
  static int slot(AttentionProblem problem, int b, int keyHead, int j) {
    return (b * problem.kvHeads() + keyHead) * problem.keys() + j;
  }
}
