package dev.assay.accelerated.simd;

import dev.assay.engine.Demand;
import dev.assay.engine.Support;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.RecurrentPlan;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the simd engine says no to. */
final class SimdSupport {
  private SimdSupport() {}

  static Support of(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    String overflow = overflow(problem);
    if (overflow != null) {
      return Support.no(overflow);
    }
    return switch (plan) {
      case DensePlan dense -> Support.YES;
      case BlockPlan block -> Support.YES;
      case ChunkPlan chunk -> Support.YES;
      case GatherPlan gather -> Support.YES;
      case FeaturePlan feature -> Support.no("it has no kernel for feature plans");
      case RecurrentPlan recurrent -> Support.no("it has no kernel for recurrent plans");
      case MergePlan merge -> of(merge, demands);
    };
  }

  private static Support of(MergePlan merge, Set<Demand> demands) {
    if (merge.gates() != null && (demands.contains(Demand.LSE) || demands.contains(Demand.D_LSE))) {
      return Support.no("a merge by gates has no log-sum-exp");
    }
    for (int s = 0; s < merge.branches().size(); s++) {
      Branch branch = merge.branches().get(s);
      Support support = of(branch.problem(), branch.plan(), demands);
      if (!support.yes()) {
        return Support.no("branch " + s + ": " + support.reason());
      }
    }
    return Support.YES;
  }

  /** Numbers that fp32 does not hold would come out as NaN. */
  private static @Nullable String overflow(AttentionProblem problem) {
    if (Float.isInfinite((float) problem.scale())) {
      return "the scale " + problem.scale() + " is beyond fp32";
    }
    if (Float.isInfinite((float) problem.softcap())) {
      return "the softcap " + problem.softcap() + " is beyond fp32";
    }
    return Float.isInfinite((float) problem.dropoutFactor())
        ? "the dropout factor " + problem.dropoutFactor() + " is beyond fp32"
        : null;
  }
}
