package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = a / b}, elementwise; both of one shape. {@code da = dy / b, db = -dy y / b}. A zero in
 * b gives what IEEE gives.
 */
public record Div() implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return Elementwise.pairs(
        "Div",
        x.get(0),
        x.get(1),
        (a, b, y) -> {
          for (int p = 0; p < y.length; p++) {
            y[p] = a[p] / b[p];
          }
        });
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    Var da = Ops.div(dy, x.get(1));
    return List.of(da, Ops.scale(Ops.mul(da, y), -1));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return Tensor.generate(
        y.shape(),
        p -> {
          double a = x.get(0).get(p);
          double b = x.get(1).get(p);
          return (dx.get(0).get(p) * b - a * dx.get(1).get(p)) / (b * b);
        });
  }
}
