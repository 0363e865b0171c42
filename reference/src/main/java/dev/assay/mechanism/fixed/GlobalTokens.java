package dev.assay.mechanism.fixed;

import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * Which tokens are global.
 *
 * @param marks [B or 1, n], 1 for a global token
 */
record GlobalTokens(Tensor marks) {
  /** As given in {@code global}; none if nothing was given. */
  static GlobalTokens of(Inputs inputs, AttentionProblem problem) {
    Tensor given = inputs.truths("global");
    if (given == null) {
      return new GlobalTokens(Tensor.zeros(Shape.of(1, problem.queries())));
    }
    Shape shape = given.shape();
    Require.argument(
        shape.rank() == 2
            && (shape.extent(0) == 1 || shape.extent(0) == problem.batches())
            && shape.extent(1) == problem.queries(),
        "global has shape %s: [%d or 1, %d] is needed, a mark for each token",
        shape,
        problem.batches(),
        problem.queries());
    return new GlobalTokens(given);
  }

  /** Whether a token is global. */
  boolean is(int b, int token) {
    return KeepMask.broadcast(marks, b, token) != 0;
  }

  /** The global tokens of a batch entry, ascending. */
  IntStream of(int b) {
    return IntStream.range(0, marks.shape().extent(1)).filter(token -> is(b, token));
  }

  /** Whether no batch entry has any. */
  boolean none() {
    return IntStream.range(0, marks.size()).allMatch(p -> marks.get(p) == 0);
  }

  /** Whether batch entries differ. */
  boolean byBatch() {
    return marks.shape().extent(0) > 1;
  }
}
