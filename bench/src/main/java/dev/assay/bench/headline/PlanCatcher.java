package dev.assay.bench.headline;

import dev.assay.check.Require;
import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Support;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An engine that runs nothing and remembers what it was asked for: so a mechanism's own plan is
 * timed on tensors in the engine's storage, without the tape that carries fp64.
 */
final class PlanCatcher implements Engine {
  private @Nullable Branch caught;

  /** The one attention that was asked for. */
  Branch caught() {
    Require.state(caught != null, "the mechanism asked for no attention");
    return Objects.requireNonNull(caught);
  }

  @Override
  public String id() {
    return "catcher";
  }

  @Override
  public Availability availability() {
    return Availability.yes("runs nothing");
  }

  @Override
  public Storage storage() {
    return Storage.F32;
  }

  @Override
  public String precisionClass() {
    return "f32-flash";
  }

  @Override
  public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    return Support.YES;
  }

  @Override
  public Forward forward(AttentionProblem problem, Plan plan) {
    Require.state(caught == null, "the mechanism asked for more than one attention");
    caught = new Branch(problem, plan);
    return new Forward(Tensor.zeros(problem.outShape()), Tensor.zeros(problem.lseShape()));
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    throw new UnsupportedOperationException("it only listens to a forward");
  }
}
