package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Natural logarithm {@code y = ln x}, elementwise; -inf at 0, NaN below. {@code dx = dy / x}. */
public record Log() implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return Elementwise.map(x.get(0), StrictMath::log);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.div(dy, x.get(0)));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return Elementwise.combine("Log", x.get(0), dx.get(0), (a, da) -> da / a);
  }
}
