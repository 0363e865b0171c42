package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;

/**
 * For every query the keys that lengths, causal frontier and window leave: {@code from[row] <= j <
 * to[row]} with {@code row = b n_q + i}; an empty range is {0, 0}.
 */
record KeyRanges(int[] from, int[] to, int queries) {
  static KeyRanges of(AttentionProblem problem) {
    int queries = problem.queries();
    int[] from = new int[problem.batches() * queries];
    int[] to = new int[from.length];
    for (int row = 0; row < from.length; row++) {
      int[] range = problem.keyRange(row / queries, row % queries);
      from[row] = range[0];
      to[row] = range[1];
    }
    return new KeyRanges(from, to, queries);
  }

  /** Where a query's range is kept. */
  int row(int batch, int i) {
    return batch * queries + i;
  }
}
