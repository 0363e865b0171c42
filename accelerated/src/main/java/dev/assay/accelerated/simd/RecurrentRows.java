package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a recurrence reads, and where the token t of a span and key head lies in it.
 *
 * @param problem the problem
 * @param q its queries
 * @param k its keys
 * @param v its values
 * @param decay factors of the rows of the state, or null for 1
 * @param beta step sizes of the delta rules, or null
 * @param scale factor of the queries
 */
record RecurrentRows(
    AttentionProblem problem,
    float[] q,
    float[] k,
    float[] v,
    float @Nullable [] decay,
    float @Nullable [] beta,
    float scale) {
  static RecurrentRows of(AttentionProblem problem, RecurrentPlan plan) {
    return new RecurrentRows(
        problem,
        problem.q().floats(),
        problem.k().floats(),
        problem.v().floats(),
        floats(plan.decay()),
        floats(plan.beta()),
        (float) problem.scale());
  }

  private static float @Nullable [] floats(@Nullable Tensor tensor) {
    return tensor == null ? null : tensor.floats();
  }

  /** Query heads of a key head. */
  int group() {
    return problem.heads() / problem.kvHeads();
  }

  /** Row of the token's key in k, and of its value in v. */
  int keyRow(Span span, int keyHead, int t) {
    return problem.keyRow(span.batch(), keyHead, span.firstKey() + t);
  }

  /** Row of the token's query in q. */
  int queryRow(Span span, int h, int t) {
    return problem.queryRow(span.batch(), h, span.firstQuery() + t);
  }

  /** Position of the token's beta, and row of its decay. */
  int stepRow(Span span, int keyHead, int t) {
    return (span.batch() * problem.kvHeads() + keyHead) * problem.queries() + span.firstQuery() + t;
  }

  /** beta of the token, or 1 for the rules without one. */
  float step(int stepRow) {
    return beta == null ? 1 : beta[stepRow];
  }
}
