package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code y = a b}, elementwise; both of one shape. {@code da = dy b, db = dy a}. */
public record Mul() implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return Elementwise.pairs(
        "Mul",
        x.get(0),
        x.get(1),
        (a, b, y) -> {
          for (int p = 0; p < y.length; p++) {
            y[p] = a[p] * b[p];
          }
        });
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.mul(dy, x.get(1)), Ops.mul(dy, x.get(0)));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    double[] t = new double[y.size()];
    for (int p = 0; p < t.length; p++) {
      t[p] = dx.get(0).get(p) * x.get(1).get(p) + x.get(0).get(p) * dx.get(1).get(p);
    }
    return Tensor.adopt(y.shape(), t);
  }
}
