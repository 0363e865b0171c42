package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.RecurrentPlan;
import java.util.Set;

/** What the scalar engine says no to: only what has no meaning. */
final class ScalarSupport {
  private ScalarSupport() {}

  static Support of(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    if ((demands.contains(Demand.LSE) || demands.contains(Demand.D_LSE)) && !hasLse(plan)) {
      return Support.no("a " + plan.kind() + " plan has no log-sum-exp here");
    }
    return switch (plan) {
      case FeaturePlan feature -> withoutLogits(problem, plan);
      case RecurrentPlan recurrent -> recurrent(problem, recurrent);
      case MergePlan merge -> merge(merge, demands);
      default -> Support.YES;
    };
  }

  /** Whether the plan's answer has an LSE. */
  static boolean hasLse(Plan plan) {
    return switch (plan) {
      case FeaturePlan feature -> false;
      case RecurrentPlan recurrent -> false;
      case MergePlan merge -> merge.gates() == null;
      default -> true;
    };
  }

  private static Support withoutLogits(AttentionProblem problem, Plan plan) {
    String given =
        problem.bias() != null
            ? "bias"
            : problem.mask() != null
                ? "mask"
                : problem.softcap() > 0
                    ? "softcap"
                    : problem.window() != null
                        ? "window"
                        : problem.dropoutKeep() != null ? "dropout" : "";
    return given.isEmpty()
        ? Support.YES
        : Support.no("a " + plan.kind() + " plan has no place for a " + given);
  }

  private static Support recurrent(AttentionProblem problem, RecurrentPlan plan) {
    Support support = withoutLogits(problem, plan);
    int sequences = problem.ragged() == null ? problem.batches() : problem.ragged().sequences();
    for (int s = 0; support.yes() && s < sequences; s++) {
      if (problem.queryLength(s) != problem.keyLength(s) || problem.offset(s) != 0) {
        support =
            Support.no(
                "a recurrent plan wants as many queries as keys and no offset, but sequence "
                    + s
                    + " has "
                    + problem.queryLength(s)
                    + " queries, "
                    + problem.keyLength(s)
                    + " keys and offset "
                    + problem.offset(s));
      }
    }
    return support;
  }

  private static Support merge(MergePlan merge, Set<Demand> demands) {
    for (int s = 0; s < merge.branches().size(); s++) {
      Branch branch = merge.branches().get(s);
      if (merge.gates() == null && !hasLse(branch.plan())) {
        return Support.no(
            "branch "
                + s
                + " is a "
                + branch.plan().kind()
                + " plan without a log-sum-exp to join");
      }
      Support support = of(branch.problem(), branch.plan(), demands);
      if (!support.yes()) {
        return Support.no("branch " + s + ": " + support.reason());
      }
    }
    return Support.YES;
  }
}
