package dev.assay.engine;

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

/**
 * An engine that runs nothing and remembers what it was asked for; its outputs are zeros. So what a
 * mechanism asks for can be counted, or run by another engine without the tape.
 */
public final class ListeningEngine implements Engine {
  private final Storage storage;
  private final List<Branch> asked = new ArrayList<>();

  /** An engine that was asked for nothing yet, and takes tensors in this storage. */
  public ListeningEngine(Storage storage) {
    this.storage = storage;
  }

  /** The attentions in order; those of a merge one by one. */
  public List<Branch> asked() {
    return List.copyOf(asked);
  }

  @Override
  public String id() {
    return "listening";
  }

  @Override
  public Availability availability() {
    return Availability.yes("runs nothing");
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public String precisionClass() {
    return "f64";
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
    // Nothing asks for it: what is listened to is lowered without a cotangent.
    throw new UnsupportedOperationException("it only listens to a forward");
  }
}
