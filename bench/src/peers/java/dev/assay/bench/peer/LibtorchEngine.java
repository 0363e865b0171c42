package dev.assay.bench.peer;

import dev.assay.bench.PeerKernel.Prepared;
import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Support;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * libtorch's CPU kernels as an engine: dense plans on {@code scaled_dot_product_attention}, their
 * gradients by its autograd. It gives no LSE, and a backward repeats its own forward.
 */
public final class LibtorchEngine implements Engine {
  @Override
  public String id() {
    return "libtorch";
  }

  @Override
  public Availability availability() {
    try {
      start();
      return Availability.yes(
          "libtorch "
              + version()
              + ", CPU, fp32, "
              + torch.get_cpu_capability().getString()
              + ", threads: "
              + torch.get_num_threads());
    } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError absent) {
      return Availability.no(
          "its native library does not load: " + absent.getMessage(),
          "use Linux on x86-64, for which the pytorch artifact is fetched");
    }
  }

  /** The version of its jar; without it the engine works all the same. */
  private static String version() {
    try {
      return String.valueOf(Loader.getVersion("org.bytedeco", "pytorch"));
    } catch (IOException unknown) {
      return "of unknown version";
    }
  }

  /** Loads the library with as many threads as the other engines have. */
  static void start() {
    torch.set_num_threads(
        Integer.getInteger("assay.threads", Runtime.getRuntime().availableProcessors()));
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
    if (!(plan instanceof DensePlan)) {
      return Support.no("scaled_dot_product_attention has no " + plan.kind() + " plans");
    }
    if (demands.contains(Demand.LSE) || demands.contains(Demand.D_LSE)) {
      return Support.no("scaled_dot_product_attention gives no LSE");
    }
    if (problem.bias() != null && demands.contains(Demand.BACKWARD)) {
      return Support.no("its fused kernels have no gradient of a bias");
    }
    if (problem.ragged() != null || problem.paging() != null) {
      return Support.no("scaled_dot_product_attention takes no packed sequences or pages");
    }
    if (problem.dropoutKeep() != null) {
      return Support.no("scaled_dot_product_attention draws its own dropout mask");
    }
    if (problem.softcap() > 0) {
      return Support.no("scaled_dot_product_attention has no softcap");
    }
    if (problem.outShape().size() == 0 || problem.keys() == 0) {
      return Support.no("scaled_dot_product_attention is not called on empty tensors");
    }
    return Support.YES;
  }

  @Override
  public Forward forward(AttentionProblem problem, Plan plan) {
    require(problem, plan, Demand.FORWARD);
    return new Forward(result(results(problem, null), "out"), null);
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    require(problem, plan, dLse == null ? Demand.BACKWARD : Demand.D_LSE);
    Map<String, Tensor> results = results(problem, dOut);
    return Gradients.of(result(results, "dq"), result(results, "dk"), result(results, "dv"));
  }

  private void require(AttentionProblem problem, Plan plan, Demand demand) {
    Support support = supports(problem, plan, Set.of(demand));
    if (!support.yes()) {
      throw new UnsupportedPlanException(id(), support.reason());
    }
  }

  private static Map<String, Tensor> results(AttentionProblem problem, @Nullable Tensor dOut) {
    start();
    try (Prepared attention = new TorchAttention(problem, dOut)) {
      return attention.results();
    }
  }

  private static Tensor result(Map<String, Tensor> results, String name) {
    return Objects.requireNonNull(results.get(name), name);
  }
}
