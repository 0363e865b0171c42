package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sparse-dense product: {@code y_ic = sum over kept j of p_ij v_jc}, j ascending, with p [.., n, m]
 * and v [.., m, d]; 0 for a row that keeps nothing. Entries of p outside keep are never read, nor
 * rows of v that no entry keeps. {@code dp = Sddmm(keep)(dy, v^T)}, {@code dv = Spmm(keep^T)(p^T,
 * dy)}. Cost: d multiplications a kept pair.
 *
 * @param keep 0 or 1, in the shape of p
 */
public record Spmm(Tensor keep) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return product(x.get(0), x.get(1));
  }

  private Tensor product(Tensor p, Tensor v) {
    Shape shape = Matrices.product("Spmm", p.shape(), v.shape());
    Matrices.fits("Spmm", keep, p.shape());
    Matrices m = Matrices.of(p.shape());
    int d = v.shape().extent(-1);
    double[] y = new double[shape.size()];
    for (int pair = 0; pair < p.size(); pair++) {
      if (keep.get(pair) == 0) {
        continue;
      }
      int row = pair / m.columns();
      int vStart = (row / m.rows() * m.columns() + pair % m.columns()) * d;
      for (int c = 0; c < d; c++) {
        y[row * d + c] += p.get(pair) * v.get(vStart + c);
      }
    }
    return Tensor.adopt(shape, y);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(
        Ops.sddmm(dy, Ops.transpose(x.get(1)), keep),
        Ops.spmm(Ops.transpose(x.get(0)), dy, Matrices.transpose(keep)));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    Tensor left = product(dx.get(0), x.get(1));
    Tensor right = product(x.get(0), dx.get(1));
    return Elementwise.combine("Spmm", left, right, Double::sum);
  }
}
