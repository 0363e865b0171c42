package dev.assay.bench.peer;

import dev.assay.bench.PeerKernel;
import dev.assay.engine.Demand;
import dev.assay.engine.Support;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Tensor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** libtorch's {@code scaled_dot_product_attention} on tensors that lie in its own memory. */
public final class LibtorchKernel implements PeerKernel {
  private final LibtorchEngine engine = new LibtorchEngine();

  @Override
  public String id() {
    return engine.id();
  }

  @Override
  public String precisionClass() {
    return engine.precisionClass();
  }

  @Override
  public Prepared prepare(Branch work, @Nullable Tensor dOut) {
    Support support =
        engine.supports(
            work.problem(), work.plan(), Set.of(dOut == null ? Demand.FORWARD : Demand.BACKWARD));
    if (!support.yes()) {
      throw new UnsupportedPlanException(id(), support.reason());
    }
    LibtorchEngine.start();
    return new TorchAttention(work.problem(), dOut);
  }
}
