package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code y = x} with no gradient, by design: what follows treats it as a constant. */
public record Detach() implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return x.get(0);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return Collections.singletonList(null);
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return Tensor.zeros(y.shape());
  }
}
