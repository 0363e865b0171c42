package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code y = e^x}, elementwise. {@code dx = dy y}. */
public record Exp() implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return Elementwise.map(x.get(0), Kernels.Function.EXP);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.mul(dy, y));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return Elementwise.combine("Exp", x.get(0), dx.get(0), (a, da) -> da * StrictMath.exp(a));
  }
}
