package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = x + offset}, elementwise. {@code dx = dy}.
 *
 * @param offset a constant
 */
public record Shift(double offset) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return Elementwise.each(
        x.get(0),
        (a, y) -> {
          for (int p = 0; p < y.length; p++) {
            y[p] = a[p] + offset;
          }
        });
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(dy);
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return dx.get(0);
  }
}
