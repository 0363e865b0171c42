package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.RecurrentPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recurrence over values that may themselves be in error.
 *
 * @param problem the problem
 * @param q queries
 * @param k keys
 * @param v values
 * @param decay factors of the rows of the state, or null for 1
 * @param beta step sizes of the delta rules, or null
 */
record RecurrentOperands(
    AttentionProblem problem,
    Known q,
    Known k,
    Known v,
    @Nullable Known decay,
    @Nullable Known beta) {

  /** Those of a problem, from the tensors of its slots in order. */
  static RecurrentOperands of(AttentionProblem problem, RecurrentPlan plan, List<Known> slots) {
    return new RecurrentOperands(
        Operands.of(problem, plan, slots).problem(),
        slots.get(0),
        slots.get(1),
        slots.get(2),
        plan.decay() == null ? null : slots.get(3),
        plan.beta() == null ? null : slots.getLast());
  }

  boolean decays() {
    return decay != null;
  }

  /** Whether the rule takes back what the state holds along k. */
  boolean isDelta() {
    return beta != null;
  }

  /** First row of a sequence in its batch entry. */
  int start(int sequence) {
    return problem.ragged() == null ? 0 : problem.ragged().cuKeys()[sequence];
  }

  int batch(int sequence) {
    return problem.ragged() == null ? sequence : 0;
  }

  int sequences() {
    return problem.ragged() == null ? problem.batches() : problem.ragged().sequences();
  }
}
