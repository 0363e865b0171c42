package dev.assay.bench.peer;

import ai.onnxruntime.OrtEnvironment;
import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Support;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime's CPU kernels as an engine: a real third-party implementation to judge. Dense plans
 * run its standard {@code Attention} operator (opset 23), block plans its {@code
 * com.microsoft::SparseAttention} where that applies. It has no backward pass and gives no LSE.
 */
public final class OnnxRuntimeEngine implements Engine {
  @Override
  public String id() {
    return "onnxruntime";
  }

  @Override
  public Availability availability() {
    try {
      return Availability.yes(
          "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion() + ", CPU, fp32");
    } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError absent) {
      return Availability.no(
          "its native library does not load: " + absent.getMessage(),
          "use a platform for which the onnxruntime artifact has a library");
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
    if (demands.contains(Demand.BACKWARD) || demands.contains(Demand.D_LSE)) {
      return Support.no("ONNX Runtime's attention operators have no backward pass");
    }
    if (demands.contains(Demand.LSE)) {
      return Support.no("ONNX Runtime's attention operators give no LSE");
    }
    if (problem.ragged() != null || problem.paging() != null || problem.dropoutKeep() != null) {
      return Support.no("its operators take no packed sequences, pages or given dropout masks");
    }
    if (problem.outShape().size() == 0 || problem.keys() == 0) {
      return Support.no("its operators take no empty tensors");
    }
    if (problem.scale() <= 0) {
      return Support.no("its operators want a scale greater than 0, not " + problem.scale());
    }
    return switch (plan) {
      case DensePlan dense -> Support.YES;
      case BlockPlan block -> OrtSparse.supports(problem, block.mask());
      default -> Support.no("it has no operator for " + plan.kind() + " plans");
    };
  }

  @Override
  public Forward forward(AttentionProblem problem, Plan plan) {
    Support support = supports(problem, plan, Set.of(Demand.FORWARD));
    if (!support.yes()) {
      throw new UnsupportedPlanException(id(), support.reason());
    }
    Tensor out =
        plan instanceof BlockPlan block
            ? OrtSparse.run(problem, block.mask())
            : OrtDense.run(problem);
    return new Forward(out, null);
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    throw new UnsupportedPlanException(
        id(), "ONNX Runtime's attention operators have no backward pass");
  }
}
