package dev.assay.accelerated.device;

import dev.assay.plan.AttentionProblem;

/**
 * The first allowed key of each query of a batch entry, and one more than the last, by lengths,
 * causality, window and packing together; row b * n_q + i.
 *
 * @param from first keys
 * @param to ends; as large as {@code from} for a row without keys
 */
public record KeyRanges(int[] from, int[] to) {
  /** The ranges of a problem. */
  public static KeyRanges of(AttentionProblem problem) {
    int queries = problem.queries();
    int[] from = new int[problem.batches() * queries];
    int[] to = new int[from.length];
    for (int b = 0; b < problem.batches(); b++) {
      for (int i = 0; i < queries; i++) {
        int[] range = problem.keyRange(b, i);
        from[b * queries + i] = range[0];
        to[b * queries + i] = range[1];
      }
    }
    return new KeyRanges(from, to);
  }
}
