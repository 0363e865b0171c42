package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Matrix product over the last two axes: {@code y_ij = sum_c a_ic b_cj} with a [.., n, d], b [..,
 * d, m] and equal leading extents. {@code da = dy b^T, db = a^T dy}. Cost: n d m multiplications a
 * matrix.
 */
public record MatMul() implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return product(x.get(0), x.get(1));
  }

  private static Tensor product(Tensor a, Tensor b) {
    Shape shape = Matrices.product("MatMul", a.shape(), b.shape());
    Matrices m = Matrices.of(shape);
    int d = a.shape().extent(-1);
    double[] y = new double[shape.size()];
    for (int batch = 0; batch < m.batch(); batch++) {
      int at = batch * m.rows() * m.columns();
      Kernels.Matrix left =
          new Kernels.Matrix(a.to(Storage.F64).doubles(), batch * m.rows() * d, d, 1);
      Kernels.Matrix right =
          new Kernels.Matrix(b.to(Storage.F64).doubles(), batch * d * m.columns(), m.columns(), 1);
      Kernels.current().matMul(left, right, y, at, m.rows(), d, m.columns());
    }
    return Tensor.adopt(shape, y);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(
        Ops.matMul(dy, Ops.transpose(x.get(1))), Ops.matMul(Ops.transpose(x.get(0)), dy));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    Tensor left = product(dx.get(0), x.get(1));
    Tensor right = product(x.get(0), dx.get(1));
    return Elementwise.combine("MatMul", left, right, Double::sum);
  }
}
