package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code y = tanh(x)}, elementwise. {@code dx = dy (1 - y^2)}. */
public record Tanh() implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return Elementwise.map(x.get(0), Kernels.Function.TANH);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.sub(dy, Ops.mul(dy, Ops.mul(y, y))));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return Elementwise.combine(
        "Tanh",
        x.get(0),
        dx.get(0),
        (a, da) -> {
          double cosh = StrictMath.cosh(a);
          return da / cosh / cosh;
        });
  }
}
