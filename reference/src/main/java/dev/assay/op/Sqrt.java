package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code y = sqrt(x)}, elementwise. {@code dx = dy / (2 y)}, which is infinite at 0. */
public record Sqrt() implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return Elementwise.map(x.get(0), StrictMath::sqrt);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.scale(Ops.div(dy, y), 0.5));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return Elementwise.combine(
        "Sqrt", x.get(0), dx.get(0), (a, da) -> 0.5 * da / StrictMath.sqrt(a));
  }
}
