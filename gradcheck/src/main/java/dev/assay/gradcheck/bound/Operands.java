package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.Slots;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One softmax attention over values that may themselves be in error.
 *
 * @param problem predicates and numbers, bound to the values below
 * @param plan which keys
 * @param q queries
 * @param k keys
 * @param v values
 * @param bias additive bias, or null
 */
record Operands(
    AttentionProblem problem, Plan plan, Known q, Known k, Known v, @Nullable Known bias) {

  /** Those of a problem that is not a merge, from the tensors of its {@link Slots} in order. */
  static Operands of(AttentionProblem problem, Plan plan, List<Known> slots) {
    List<Tensor> values = new ArrayList<>();
    for (Known slot : slots) {
      values.add(slot.value());
    }
    Branch bound = Slots.rebind(problem, plan, values);
    Known bias = problem.bias() == null ? null : slots.get(3);
    return new Operands(
        bound.problem(), bound.plan(), slots.get(0), slots.get(1), slots.get(2), bias);
  }
}
