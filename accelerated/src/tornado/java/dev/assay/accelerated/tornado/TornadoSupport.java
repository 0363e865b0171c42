package dev.assay.accelerated.tornado;

import dev.assay.engine.Demand;
import dev.assay.engine.Support;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.Plan;
import dev.assay.plan.RecurrentPlan;
import java.util.EnumSet;
import java.util.Set;

/** What the engine says no to. */
final class TornadoSupport {
  private TornadoSupport() {}

  static Support of(Plan plan, Set<Demand> demands) {
    return switch (plan) {
      case DensePlan dense -> Support.YES;
      case BlockPlan block -> Support.YES;
      case ChunkPlan chunk -> Support.YES;
      case GatherPlan gather ->
          Support.no("keys listed for each query alone do not fill tiles of 32 queries");
      case FeaturePlan feature -> Support.no("it has no kernel for feature plans");
      case RecurrentPlan recurrent -> Support.no("it has no kernel for recurrent plans");
      case MergePlan merge -> of(merge, demands);
    };
  }

  /** Plans without branches that tiles serve. */
  static Support tiles(Plan plan) {
    return plan instanceof MergePlan
        ? Support.no("it joins no branches")
        : of(plan, EnumSet.noneOf(Demand.class));
  }

  private static Support of(MergePlan merge, Set<Demand> demands) {
    if (merge.gates() != null && (demands.contains(Demand.LSE) || demands.contains(Demand.D_LSE))) {
      return Support.no("a merge by gates has no log-sum-exp");
    }
    for (int s = 0; s < merge.branches().size(); s++) {
      Support support = of(merge.branches().get(s).plan(), demands);
      if (!support.yes()) {
        return Support.no("branch " + s + ": " + support.reason());
      }
    }
    return Support.YES;
  }
}
