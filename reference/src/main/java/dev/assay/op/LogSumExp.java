package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code y_i = ln sum over kept j of e^(s_ij)}, over the last axis, which disappears; natural
 * logarithm, with the row's maximum taken out first. -inf for a row of nothing; a kept logit of
 * -inf counts as not kept; NaN and +inf among the kept give NaN. Logits outside keep are never
 * read. {@code ds_ij = MaskedSoftmax(keep)(s)_ij dy_i}, exactly 0 for a row of nothing.
 *
 * @param keep 0 or 1, in the shape of s
 */
public record LogSumExp(Tensor keep) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    Tensor s = x.get(0);
    Matrices.fits("LogSumExp", keep, s.shape());
    int width = s.shape().extent(-1);
    return Tensor.generate(
        rows(s.shape()),
        i -> {
          SoftmaxRow row = new SoftmaxRow(keep, s, i * width, width);
          double max = row.max();
          return max == Double.NEGATIVE_INFINITY ? max : max + StrictMath.log(row.sum(max));
        });
  }

  private static Shape rows(Shape shape) {
    return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 1));
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    Var s = x.get(0);
    Var column = Ops.reshape(dy, s.shape().with(-1, 1));
    Var ds = Ops.mul(Ops.maskedSoftmax(s, keep), column);
    // The cotangent of an empty row may be anything, even NaN.
    return List.of(Ops.select(ds, Ops.admissible(s, keep)));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    int width = x.get(0).shape().extent(-1);
    return Tensor.generate(
        y.shape(),
        i -> {
          SoftmaxRow row = new SoftmaxRow(keep, x.get(0), i * width, width);
          double max = row.max();
          return max == Double.NEGATIVE_INFINITY ? 0 : row.slope(dx.get(0), max) / row.sum(max);
        });
  }
}
