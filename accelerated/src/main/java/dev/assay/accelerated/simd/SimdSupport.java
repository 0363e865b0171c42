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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the simd engine says no to. */
final class SimdSupport {
  private SimdSupport() {}

  static Support of(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    if (!hasLse(plan) && (demands.contains(Demand.LSE) || demands.contains(Demand.D_LSE))) {
      return Support.no("a " + plan.kind() + " plan has no log-sum-exp here");
    }
    String overflow = overflow(problem);
    if (overflow != null) {
      return Support.no(overflow);
    }
    return switch (plan) {
      case DensePlan dense -> Support.YES;
      case BlockPlan block -> Support.YES;
      case ChunkPlan chunk -> Support.YES;
      case GatherPlan gather -> Support.YES;
      case FeaturePlan feature -> feature(problem, feature);
      case RecurrentPlan recurrent -> recurrent(problem, recurrent);
      case MergePlan merge -> of(merge, demands);
    };
  }

  private static Support of(MergePlan merge, Set<Demand> demands) {
    for (int s = 0; s < merge.branches().size(); s++) {
      Branch branch = merge.branches().get(s);
      if (merge.gates() == null && !hasLse(branch.plan())) {
        String kind = branch.plan().kind();
        return Support.no(
            "branch " + s + ": a " + kind + " plan has no log-sum-exp to be joined by");
      }
      Support support = of(branch.problem(), branch.plan(), demands);
      if (!support.yes()) {
        return Support.no("branch " + s + ": " + support.reason());
      }
    }
    return Support.YES;
  }

  private static Support feature(AttentionProblem problem, FeaturePlan plan) {
    return Float.isInfinite((float) plan.guard())
        ? Support.no("the guard " + plan.guard() + " is beyond fp32")
        : withoutLogits(problem, plan);
  }

  private static Support recurrent(AttentionProblem problem, RecurrentPlan plan) {
    for (Span span : Span.of(problem)) {
      int offset = problem.offset(span.index());
      if (span.queries() != span.keys() || offset != 0) {
        return Support.no(
            "a recurrent plan wants as many queries as keys and no offset, but sequence %d has %d queries, %d keys and offset %d"
                .formatted(span.index(), span.queries(), span.keys(), offset));
      }
    }
    return withoutLogits(problem, plan);
  }

  private static Support withoutLogits(AttentionProblem problem, Plan plan) {
    Map<String, Boolean> given = new LinkedHashMap<>();
    given.put("bias", problem.bias() != null);
    given.put("mask", problem.mask() != null);
    given.put("softcap", problem.softcap() > 0);
    given.put("window", problem.window() != null);
    given.put("dropout", problem.dropoutKeep() != null);
    for (Map.Entry<String, Boolean> one : given.entrySet()) {
      if (one.getValue()) {
        return Support.no("a " + plan.kind() + " plan has no place for a " + one.getKey());
      }
    }
    return Support.YES;
  }

  /** Whether the plan's answer has a log-sum-exp. */
  static boolean hasLse(Plan plan) {
    return switch (plan) {
      case FeaturePlan feature -> false;
      case RecurrentPlan recurrent -> false;
      case MergePlan merge -> merge.gates() == null;
      default -> true;
    };
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
