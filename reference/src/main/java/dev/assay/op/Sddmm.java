package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sampled dense-dense product: {@code y_ij = sum_c a_ic b_cj} where keep_ij is not 0, and 0
 * elsewhere, with a [.., n, d] and b [.., d, m]. Pairs outside keep are never read, so what lies
 * there cannot matter. {@code da = Spmm(keep)(dy, b^T)}, {@code db^T = Spmm(keep^T)(dy^T, a)}.
 * Cost: d multiplications a kept pair.
 *
 * @param keep 0 or 1, [.., n, m]
 */
public record Sddmm(Tensor keep) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return product(x.get(0), x.get(1));
  }

  private Tensor product(Tensor a, Tensor b) {
    Shape shape = Matrices.product("Sddmm", a.shape(), b.shape());
    Matrices.fits("Sddmm", keep, shape);
    Matrices m = Matrices.of(shape);
    int d = a.shape().extent(-1);
    double[] y = new double[shape.size()];
    for (int p = 0; p < y.length; p++) {
      if (keep.get(p) == 0) {
        continue;
      }
      int row = p / m.columns();
      int bStart = row / m.rows() * d * m.columns() + p % m.columns();
      for (int c = 0; c < d; c++) {
        y[p] += a.get(row * d + c) * b.get(bStart + c * m.columns());
      }
    }
    return Tensor.adopt(shape, y);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    Var da = Ops.spmm(dy, Ops.transpose(x.get(1)), keep);
    Var dbTransposed = Ops.spmm(Ops.transpose(dy), x.get(0), Matrices.transpose(keep));
    return List.of(da, Ops.transpose(dbTransposed));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    Tensor left = product(dx.get(0), x.get(1));
    Tensor right = product(x.get(0), dx.get(1));
    return Elementwise.combine("Sddmm", left, right, Double::sum);
  }
}
