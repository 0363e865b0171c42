package dev.assay.engine;

import dev.assay.check.Require;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.PlanRules;
import dev.assay.plan.RecurrentPlan;
import dev.assay.plan.Slots;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every plan, naively, in fp64: one thread, one fixed order of every sum, {@link StrictMath}. Cost:
 * O(pairs (d + d_v)) time; memory for one row besides inputs and results (the recurrent backward
 * keeps n states).
 */
public final class ScalarEngine implements Engine {
  /** The engine; it has no state. */
  public ScalarEngine() {}

  @Override
  public String id() {
    return "scalar";
  }

  @Override
  public Availability availability() {
    return Availability.yes("fp64, one thread, StrictMath");
  }

  @Override
  public Storage storage() {
    return Storage.F64;
  }

  @Override
  public String precisionClass() {
    return "f64";
  }

  @Override
  public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    return ScalarSupport.of(problem, plan, demands);
  }

  @Override
  public Forward forward(AttentionProblem problem, Plan plan) {
    check(problem, plan, EnumSet.of(Demand.FORWARD));
    return switch (plan) {
      case DensePlan dense -> ScalarSoftmax.forward(problem, dense);
      case BlockPlan block -> ScalarSoftmax.forward(problem, block);
      case ChunkPlan chunk -> ScalarSoftmax.forward(problem, chunk);
      case GatherPlan gather -> ScalarSoftmax.forward(problem, gather);
      case FeaturePlan feature -> new ScalarFeature(problem, feature).forward();
      case RecurrentPlan recurrent -> new ScalarRecurrent(problem, recurrent).forward();
      case MergePlan merge -> new ScalarMerge(this, merge).forward();
    };
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    Set<Demand> demands = EnumSet.of(Demand.BACKWARD);
    if (dLse != null) {
      demands.add(Demand.D_LSE);
    }
    check(problem, plan, demands);
    fits("out", forward.out(), problem.outShape());
    fits("d_out", dOut, problem.outShape());
    if (dLse != null) {
      fits("d_lse", dLse, problem.lseShape());
    }
    if (ScalarSupport.hasLse(plan)) {
      Require.argument(forward.lse() != null, "the backward of a %s plan needs lse", plan.kind());
      fits("lse", Objects.requireNonNull(forward.lse()), problem.lseShape());
    }
    return switch (plan) {
      case DensePlan dense -> softmaxBackward(problem, dense, forward, dOut, dLse);
      case BlockPlan block -> softmaxBackward(problem, block, forward, dOut, dLse);
      case ChunkPlan chunk -> softmaxBackward(problem, chunk, forward, dOut, dLse);
      case GatherPlan gather -> softmaxBackward(problem, gather, forward, dOut, dLse);
      case FeaturePlan feature -> new ScalarFeature(problem, feature).backward(forward.out(), dOut);
      case RecurrentPlan recurrent ->
          new ScalarRecurrentBackward(problem, recurrent, dOut).backward();
      case MergePlan merge -> new ScalarMerge(this, merge).backward(forward, dOut, dLse);
    };
  }

  private static Gradients softmaxBackward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    List<Branch> alone = List.of(new Branch(problem, plan));
    return ScalarSoftmaxBackward.backward(alone, 0, forward.out(), dOut, dLse);
  }

  private void check(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    PlanRules.check(problem, plan);
    Support support = supports(problem, plan, demands);
    if (!support.yes()) {
      throw new UnsupportedPlanException(id(), support.reason());
    }
    Slots.of(problem, plan).forEach((name, tensor) -> fits(name, tensor, tensor.shape()));
  }

  private static void fits(String name, Tensor tensor, Shape shape) {
    Require.argument(
        tensor.shape().equals(shape), "%s has shape %s: %s is needed", name, tensor.shape(), shape);
    Require.argument(
        tensor.storage() == Storage.F64,
        "%s is held as %s: the scalar engine wants F64",
        name,
        tensor.storage());
  }
}
