package dev.assay.mechanism.fixed;

import dev.assay.check.Require;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ProblemBuilder;

/** Problems of patterns that are cut from one sequence: token i is query i and key i. */
final class SelfAttention {
  private SelfAttention() {}

  /**
   * The problem with every query at its own position.
   *
   * @throws IllegalArgumentException if there are not as many queries as keys
   */
  static AttentionProblem of(ProblemBuilder builder) {
    AttentionProblem given = builder.build();
    Require.argument(
        given.queries() == given.keys(),
        "%d queries came with %d keys: the pattern lies on one sequence, so both must agree",
        given.queries(),
        given.keys());
    return builder.offset(new int[given.batches()]).build();
  }
}
