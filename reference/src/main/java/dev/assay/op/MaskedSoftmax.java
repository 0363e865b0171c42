package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Softmax of the last axis over the kept entries: {@code y_ij = e^(s_ij - max_i) / sum over kept j'
 * of e^(s_ij' - max_i)}, and 0 elsewhere. A kept logit of -inf counts as not kept; a row of nothing
 * gives zeros; NaN and +inf among the kept make their whole row NaN. Logits outside keep are never
 * read. {@code ds_ij = y_ij (dy_ij - sum_j' y_ij' dy_ij')}.
 *
 * @param keep 0 or 1, in the shape of s
 */
public record MaskedSoftmax(Tensor keep) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    Tensor s = x.get(0);
    Matrices.fits("MaskedSoftmax", keep, s.shape());
    double[] logits = new double[s.size()];
    for (int p = 0; p < logits.length; p++) {
      logits[p] = keep.get(p) != 0 ? s.get(p) : Double.NEGATIVE_INFINITY;
    }
    double[] y = new double[s.size()];
    Kernels.current().softmax(logits, y, s.shape().extent(-1));
    for (int p = 0; p < logits.length; p++) {
      // Also in a row that is NaN.
      y[p] = logits[p] == Double.NEGATIVE_INFINITY ? 0 : y[p];
    }
    return Tensor.adopt(s.shape(), y);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    // A cotangent where nothing counts may be anything, even NaN: it is dropped before it is used.
    Tensor admissible = Ops.admissible(x.get(0), keep);
    Var inside = Ops.select(dy, admissible);
    Var mean = Ops.sum(Ops.mul(y, inside), -1);
    return List.of(Ops.select(Ops.mul(y, Ops.sub(inside, mean)), admissible));
  }

  /** By the quotient rule on weights and their sum. */
  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    Tensor ds = dx.get(0);
    int width = y.shape().extent(-1);
    double[] t = new double[y.size()];
    for (int start = 0; start < t.length; start += width) {
      SoftmaxRow row = new SoftmaxRow(keep, x.get(0), start, width);
      double max = row.max();
      if (max == Double.NEGATIVE_INFINITY) {
        continue;
      }
      double sum = row.sum(max);
      double slope = row.slope(ds, max);
      for (int j = 0; j < width; j++) {
        if (row.counts(j)) {
          double weight = row.weight(j, max);
          t[start + j] = (weight * ds.get(start + j) * sum - weight * slope) / (sum * sum);
        }
      }
    }
    return Tensor.adopt(y.shape(), t);
  }
}
