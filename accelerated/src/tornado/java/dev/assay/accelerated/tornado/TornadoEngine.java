package dev.assay.accelerated.tornado;

import dev.assay.accelerated.merge.BranchJoin;
import dev.assay.check.Require;
import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.DeviceEngine;
import dev.assay.engine.Support;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan;
import dev.assay.plan.Plan;
import dev.assay.plan.PlanRules;
import dev.assay.plan.Slots;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/**
 * The engine {@code tornado}: fp32 on a device that TornadoVM reaches, fused online softmax forward
 * and backward over tiles of 32 x 32 pairs, O(n d) memory besides inputs and results.
 *
 * <p>Dense, block and chunk plans and merges of them. It never falls back to Java: it does not run
 * at all unless TornadoVM is told not to, and what a kernel throws is passed on. Bits depend on the
 * device and its compiler, not on the schedule: there are no atomics, and every sum has its order.
 */
public final class TornadoEngine implements DeviceEngine {
  private final boolean poisoned;
  private final String compilerFlags;
  private @Nullable Availability availability;
  private @Nullable Runs runs;

  /** The engine on the chosen device; nothing is loaded before it is asked. */
  public TornadoEngine() {
    this(false, Program.STRICT);
  }

  /**
   * An engine for tests.
   *
   * @param poisoned whether results are filled with a number beforehand, and looked over for it and
   *     for writes between them afterwards
   * @param compilerFlags of the driver's compiler
   */
  TornadoEngine(boolean poisoned, String compilerFlags) {
    this.poisoned = poisoned;
    this.compilerFlags = compilerFlags;
  }

  @Override
  public String id() {
    return "tornado";
  }

  @Override
  public synchronized Availability availability() {
    if (availability == null) {
      Availability obstacle = Settings.obstacle();
      obstacle = obstacle != null ? obstacle : Devices.obstacle();
      availability =
          obstacle != null
              ? obstacle
              : Availability.yes("fp32, " + Devices.describe(Devices.chosen()));
    }
    return availability;
  }

  /** The devices there are, and what the arithmetic of the chosen one is like. */
  @Override
  public List<String> details() {
    if (!availability().available()) {
      return List.of();
    }
    List<String> details = new ArrayList<>();
    Devices.all().forEach(device -> details.add("device " + device));
    try {
      details.addAll(Probes.on(Devices.chosen()).lines());
    } catch (TornadoExecutionPlanException | RuntimeException broken) {
      details.add("PROBES FAILED: " + Devices.reason(broken));
    }
    return details;
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
  public Rates rates() {
    try {
      TornadoDevice device = Devices.chosen();
      return DeviceRates.of(device, Devices.processor(device));
    } catch (TornadoExecutionPlanException broken) {
      throw new IllegalStateException("the device's rates: " + Devices.reason(broken), broken);
    }
  }

  @Override
  public String device() {
    return Devices.describe(Devices.chosen());
  }

  @Override
  public synchronized long kernelNanos() {
    return runs == null ? 0 : runs.kernelNanos();
  }

  @Override
  public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    return TornadoSupport.of(plan, demands);
  }

  @Override
  public synchronized Forward forward(AttentionProblem problem, Plan plan) {
    check(problem, plan, EnumSet.of(Demand.FORWARD));
    if (plan instanceof MergePlan merge) {
      return new BranchJoin(this, merge).forward();
    }
    return runs().forward(problem, plan);
  }

  @Override
  public synchronized Gradients backward(
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
    boolean gated = plan instanceof MergePlan merge && merge.gates() != null;
    Require.argument(
        gated || forward.lse() != null, "the backward of a %s plan needs lse", plan.kind());
    if (forward.lse() != null) {
      require("lse", forward.lse(), problem.lseShape());
    }
    return plan instanceof MergePlan merge
        ? new BranchJoin(this, merge).backward(forward, dOut, dLse)
        : runs().backward(problem, plan, forward, dOut, dLse);
  }

  private void check(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    PlanRules.check(problem, plan);
    Support support = supports(problem, plan, demands);
    if (!support.yes()) {
      throw new UnsupportedPlanException(id(), support.reason());
    }
    Slots.of(problem, plan).forEach((name, tensor) -> require(name, tensor, tensor.shape()));
  }

  static void require(String name, Tensor tensor, Shape shape) {
    Require.argument(
        tensor.shape().equals(shape), "%s has shape %s: %s is needed", name, tensor.shape(), shape);
    Require.argument(
        tensor.storage() == Storage.F32,
        "%s is held as %s: the tornado engine wants F32",
        name,
        tensor.storage());
  }

  private Runs runs() {
    if (runs == null) {
      Availability here = availability();
      if (!here.available()) {
        throw new UnsupportedPlanException(id(), here.description() + "; " + here.remedy());
      }
      TornadoDevice device = Devices.chosen();
      boolean lean = Settings.lean(Devices.processor(device));
      runs = new Runs(new Programs(device, poisoned, compilerFlags), lean);
    }
    return runs;
  }
}
