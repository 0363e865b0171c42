package dev.assay.bench.headline;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.MergePlan.Branch;

/** A kind of attention at any length: which pairs exist, over the tensors of a plain problem. */
@FunctionalInterface
interface Recipe {
  /** The problem with its predicates, and the plan. */
  Branch on(AttentionProblem plain);
}
