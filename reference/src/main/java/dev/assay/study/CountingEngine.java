package dev.assay.study;

import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Support;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An engine that runs nothing and remembers what it was asked for; its outputs are zeros. */
final class CountingEngine implements Engine {
  private final List<Branch> asked = new ArrayList<>();

  /** The attentions in order; those of a merge one by one. */
  List<Branch> asked() {
    return asked;
  }

  @Override
  public String id() {
    return "counting";
  }

  @Override
  public Availability availability() {
    return Availability.yes("runs nothing");
  }

  @Override
  public Storage storage() {
    return Storage.F64;
  }

  @Override
  public String precisionClass() {
    return "f64-naive";
  }

  @Override
  public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    return Support.YES;
  }

  @Override
  public Forward forward(AttentionProblem problem, Plan plan) {
    if (plan instanceof MergePlan merge) {
      asked.addAll(merge.branches());
    } else {
      asked.add(new Branch(problem, plan));
    }
    boolean lse =
        !(plan instanceof FeaturePlan
            || plan instanceof RecurrentPlan
            || (plan instanceof MergePlan joined && joined.gates() != null));
    return new Forward(
        Tensor.zeros(problem.outShape()), lse ? Tensor.zeros(problem.lseShape()) : null);
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    throw new UnsupportedOperationException("it only listens to a forward");
  }
}
