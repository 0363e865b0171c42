package dev.assay.accelerated.simd;

import dev.assay.accelerated.merge.BranchJoin;
import dev.assay.check.Require;
import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Support;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan;
import dev.assay.plan.Plan;
import dev.assay.plan.PlanRules;
import dev.assay.plan.RecurrentPlan;
import dev.assay.plan.Slots;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The engine {@code simd}: fp32 on the Vector API, all cores, fused online softmax forward and
 * backward over tiles of 64 x 64 pairs, O(n d) memory besides inputs and results.
 *
 * <p>Every plan: softmax by tiles, lists of keys, features and recurrences in linear time, merges.
 * Bits depend on the vector width ({@code -Dassay.vector.bits=128|256|512}, else the machine's) and
 * on nothing else: not on the number of threads ({@code -Dassay.threads}, else one a processor),
 * not on what else lies in the batch.
 */
public final class SimdEngine implements Engine {
  private static final Availability NO_MODULE =
      Availability.no(
          "the JVM was started without the module jdk.incubator.vector",
          "start Java with --add-modules jdk.incubator.vector");

  private @Nullable Workers workers;

  /** The engine with as many threads as configured; nothing is started before the first run. */
  public SimdEngine() {}

  /** The engine with a given number of threads. */
  SimdEngine(int threads) {
    this.workers = new Workers(threads);
  }

  @Override
  public String id() {
    return "simd";
  }

  @Override
  public Availability availability() {
    if (!Configuration.modulePresent()) {
      return NO_MODULE;
    }
    try {
      Configuration.vectorBits();
      int threads = Configuration.threads();
      return Availability.yes(
          "fp32, "
              + Lanes.description()
              + ", "
              + threads
              + (threads == 1 ? " thread" : " threads"));
    } catch (IllegalArgumentException setting) {
      return Availability.no(String.valueOf(setting.getMessage()), "change or remove that setting");
    }
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
    return SimdSupport.of(problem, plan, demands);
  }

  @Override
  public Forward forward(AttentionProblem problem, Plan plan) {
    check(problem, plan, EnumSet.of(Demand.FORWARD));
    return switch (plan) {
      case MergePlan merge -> new BranchJoin(this, merge).forward();
      case GatherPlan gather -> GatherForward.run(problem, gather, workers());
      case FeaturePlan feature -> FeatureForward.run(problem, feature, workers());
      case RecurrentPlan recurrent -> RecurrentForward.run(problem, recurrent, workers());
      default -> SimdForward.run(new TiledProblem(problem, plan), workers());
    };
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    check(
        problem,
        plan,
        dLse == null ? EnumSet.of(Demand.BACKWARD) : EnumSet.of(Demand.BACKWARD, Demand.D_LSE));
    require("out", forward.out(), problem.outShape());
    require("d_out", dOut, problem.outShape());
    if (dLse != null) {
      require("d_lse", dLse, problem.lseShape());
    }
    Require.argument(
        !SimdSupport.hasLse(plan) || forward.lse() != null,
        "the backward of a %s plan needs lse",
        plan.kind());
    if (forward.lse() != null) {
      require("lse", forward.lse(), problem.lseShape());
    }
    return switch (plan) {
      case MergePlan merge -> new BranchJoin(this, merge).backward(forward, dOut, dLse);
      case GatherPlan gather -> GatherBackward.run(problem, gather, forward, dOut, dLse, workers());
      case FeaturePlan feature ->
          FeatureBackward.run(problem, feature, forward.out(), dOut, workers());
      case RecurrentPlan recurrent -> RecurrentBackward.run(problem, recurrent, dOut, workers());
      default -> Backward.run(new TiledProblem(problem, plan), forward, dOut, dLse, workers());
    };
  }

  private void check(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    PlanRules.check(problem, plan);
    Support support = supports(problem, plan, demands);
    if (!support.yes()) {
      throw new UnsupportedPlanException(id(), support.reason());
    }
    Slots.of(problem, plan).forEach((name, tensor) -> require(name, tensor, tensor.shape()));
  }

  private static void require(String name, Tensor tensor, Shape shape) {
    Require.argument(
        tensor.shape().equals(shape), "%s has shape %s: %s is needed", name, tensor.shape(), shape);
    Require.argument(
        tensor.storage() == Storage.F32,
        "%s is held as %s: the simd engine wants F32",
        name,
        tensor.storage());
  }

  private synchronized Workers workers() {
    if (workers == null) {
      workers = new Workers(Configuration.threads());
    }
    return workers;
  }
}
