package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = factor x}, elementwise. {@code dx = factor dy}.
 *
 * @param factor a constant
 */
public record Scale(double factor) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return Elementwise.each(
        x.get(0),
        (a, y) -> {
          for (int p = 0; p < y.length; p++) {
            y[p] = factor * a[p];
          }
        });
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.scale(dy, factor));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return forward(dx);
  }
}
