package dev.assay.mechanism.lowrank;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * Landmarks as means of consecutive tokens.
 *
 * @param problem the tokens, with their lengths
 * @param most landmarks at most
 * @param byLength whether a batch entry is cut by its own length and means run over valid tokens;
 *     else all are cut alike and padded tokens count as 0
 */
record Segments(AttentionProblem problem, int most, boolean byLength) {

  /** The attention around these landmarks. */
  Nystrom nystrom() {
    return new Nystrom(problem, means(true), means(false), !byLength);
  }

  /** Weights [B, H, m, n]; a row of 0 where a short batch entry has no such segment. */
  private Tensor means(boolean queries) {
    int tokens = problem.keys();
    int m = Math.min(most, tokens);
    Shape shape = Shape.of(problem.batches(), problem.heads(), m, tokens);
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          int length = byLength ? length(at[0], queries) : tokens;
          int size = Math.max(1, Math.ceilDiv(length, m));
          int from = at[2] * size;
          int to = Math.min(from + size, length);
          return at[3] >= from && at[3] < to ? 1.0 / (to - from) : 0;
        });
  }

  private int length(int b, boolean queries) {
    return queries ? problem.queryLength(b) : problem.keyLength(b);
  }
}
