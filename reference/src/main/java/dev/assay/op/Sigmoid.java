package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code y = 1 / (1 + e^-x)}, elementwise. {@code dx = dy y (1 - y)}. */
public record Sigmoid() implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return Elementwise.map(x.get(0), Kernels.Function.SIGMOID);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    Var t = Ops.mul(dy, y);
    return List.of(Ops.sub(t, Ops.mul(t, y)));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return Elementwise.combine(
        "Sigmoid",
        x.get(0),
        dx.get(0),
        (a, da) -> {
          double e = StrictMath.exp(-Math.abs(a));
          return da * e / ((1 + e) * (1 + e));
        });
  }
}
