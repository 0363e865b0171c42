package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code y = a - b}, elementwise; both of one shape. {@code da = dy, db = -dy}. */
public record Sub() implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return Elementwise.pairs(
        "Sub",
        x.get(0),
        x.get(1),
        (a, b, y) -> {
          for (int p = 0; p < y.length; p++) {
            y[p] = a[p] - b[p];
          }
        });
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(dy, Ops.scale(dy, -1));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return forward(dx);
  }
}
