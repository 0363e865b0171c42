package dev.assay.accelerated.tornado;

import dev.assay.accelerated.device.HalfTiles;
import dev.assay.accelerated.device.Packed;
import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.DeviceEngine;
import dev.assay.engine.Support;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.plan.PlanRules;
import dev.assay.plan.Slots;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/**
 * The engine {@code tornado-tensor}: forward on a GPU's matrix units, operands in binary16 and sums
 * in binary32, class {@code fp16-flash}. It is chosen by its name, and says no to what it does not
 * support.
 */
public final class TensorEngine implements DeviceEngine {
  private final TornadoEngine plain = new TornadoEngine();
  private final Map<TensorProgram.Room, TensorProgram> programs = new HashMap<>();
  private @Nullable Availability availability;
  private long kernelNanos;

  /** The engine on the chosen device; nothing is loaded before it is asked. */
  public TensorEngine() {}

  @Override
  public String id() {
    return "tornado-tensor";
  }

  @Override
  public synchronized Availability availability() {
    if (availability == null) {
      Availability here = plain.availability();
      availability = here.available() ? onMatrixUnits() : here;
    }
    return availability;
  }

  private static Availability onMatrixUnits() {
    TornadoDevice device = Devices.chosen();
    TornadoVMBackendType backend = device.getTornadoVMBackend();
    // Kernels are first looked at for the first back end, whatever device is chosen later.
    if (backend != TornadoVMBackendType.CUDA || Devices.firstBackend() != backend) {
      return Availability.no(
          "matrix units are reached by the CUDA back end alone, and this is "
              + Devices.describe(device),
          "use an SDK whose first back end is CUDA, on an NVIDIA GPU of compute capability 8.0 or later");
    }
    return Availability.yes("fp16 on matrix units, forward, " + Devices.describe(device));
  }

  @Override
  public Storage storage() {
    return Storage.F32;
  }

  @Override
  public String precisionClass() {
    return "fp16-flash";
  }

  @Override
  public Rates rates() {
    return plain.rates();
  }

  @Override
  public String device() {
    return plain.device();
  }

  @Override
  public synchronized long kernelNanos() {
    return kernelNanos;
  }

  @Override
  public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    if (demands.contains(Demand.BACKWARD) || demands.contains(Demand.D_LSE)) {
      return Support.no("it has no gradients");
    }
    Support kind = TornadoSupport.tiles(plan);
    if (!kind.yes()) {
      return kind;
    }
    if (!Packed.lean(problem)) {
      return Support.no(
          "it takes at most 64 channels and no bias, mask, dropout or softcap of single pairs");
    }
    return Support.YES;
  }

  @Override
  public synchronized Forward forward(AttentionProblem problem, Plan plan) {
    PlanRules.check(problem, plan);
    Support support = supports(problem, plan, EnumSet.of(Demand.FORWARD));
    if (!support.yes()) {
      throw new UnsupportedPlanException(id(), support.reason());
    }
    Availability here = availability();
    if (!here.available()) {
      throw new UnsupportedPlanException(id(), here.description() + "; " + here.remedy());
    }
    Slots.of(problem, plan)
        .forEach((name, tensor) -> TornadoEngine.require(name, tensor, tensor.shape()));
    if (!HalfTiles.fit(List.of(problem.q(), problem.k(), problem.v()))) {
      throw new UnsupportedPlanException(
          id(), "queries, keys and values must be finite and round to at most 65504");
    }
    Packed packed = Packed.forward(problem, plan);
    float[] out = new float[problem.outShape().size()];
    float[] lse = new float[problem.lseShape().size()];
    if (lse.length > 0) {
      TensorProgram program =
          programs.computeIfAbsent(
              TensorProgram.Room.of(packed), room -> new TensorProgram(room, Devices.chosen()));
      kernelNanos += program.run(packed);
      out = program.result(packed.regions().get("out"));
      lse = program.result(packed.regions().get("lse"));
    }
    return new Forward(
        Tensor.adopt(problem.outShape(), out), Tensor.adopt(problem.lseShape(), lse));
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    throw new UnsupportedPlanException(id(), "it has no gradients");
  }
}
