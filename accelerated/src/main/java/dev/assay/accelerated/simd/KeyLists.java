package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;

/**
 * The pairs of {@link PairLists} by key.
 *
 * @param problem whose keys they are
 * @param keyPtr for each (batch entry, key head, key) the start of its pairs, and at the end the
 *     total
 * @param entries positions in the lists by query, ascending within a key
 * @param rows the query row of each of {@code entries}
 */
record KeyLists(AttentionProblem problem, int[] keyPtr, int[] entries, int[] rows) {
  static KeyLists of(AttentionProblem problem, PairLists lists) {
    Shape keys = Shape.of(problem.batches(), problem.kvHeads(), problem.keys());
    int[] rowPtr = lists.rowPtr();
    int[] keyPtr = new int[keys.size() + 1];
    for (int row = 0; row + 1 < rowPtr.length; row++) {
      for (int e = rowPtr[row]; e < rowPtr[row + 1]; e++) {
        keyPtr[slot(problem, row, lists.keys()[e]) + 1]++;
      }
    }
    for (int slot = 0; slot + 1 < keyPtr.length; slot++) {
      keyPtr[slot + 1] += keyPtr[slot];
    }
    int[] next = keyPtr.clone();
    int[] entries = new int[lists.keys().length];
    int[] rows = new int[entries.length];
    for (int row = 0; row + 1 < rowPtr.length; row++) {
      for (int e = rowPtr[row]; e < rowPtr[row + 1]; e++) {
        int to = next[slot(problem, row, lists.keys()[e])]++;
        entries[to] = e;
        rows[to] = row;
      }
    }
    return new KeyLists(problem, keyPtr, entries, rows);
  }

  private static int slot(AttentionProblem problem, int row, int j) {
    int h = row / problem.queries() % problem.heads();
    int b = row / problem.queries() / problem.heads();
    return slot(problem, b, problem.kvHead(h), j);
  }

  private static int slot(AttentionProblem problem, int b, int keyHead, int j) {
    return (b * problem.kvHeads() + keyHead) * problem.keys() + j;
  }

  /** First pair of a key. */
  int begin(int b, int keyHead, int j) {
    return keyPtr[slot(problem, b, keyHead, j)];
  }

  /** One more than its last pair. */
  int end(int b, int keyHead, int j) {
    return keyPtr[slot(problem, b, keyHead, j) + 1];
  }
}
