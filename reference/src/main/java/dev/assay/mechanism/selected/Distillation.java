package dev.assay.mechanism.selected;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.KeepMask;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * How a gate learns from dense attention: {@code KL(p || softmax z) = sum_J p_J (log p_J - log
 * softmax(z)_J)} of every row, with 0 log 0 = 0. Its gradient in z is {@code softmax(z) - p} where
 * p sums to 1; none reaches p.
 *
 * @param reduction how rows are put together
 * @param skipped this share of the rows is left out, the first ones, in [0, 1)
 */
public record Distillation(Reduction reduction, double skipped) {
  /** How the divergences of rows become one number. */
  public enum Reduction {
    /** Their mean over rows that have something to learn. */
    ROW_MEAN,
    /** Their sum over all elements divided by how many there are, as the code of SeerAttention. */
    ELEMENT_MEAN,
    /** Their sum. */
    SUM
  }

  /** The mean over all rows. */
  public static final Distillation BY_ROWS = new Distillation(Reduction.ROW_MEAN, 0);

  /** Checks the share. */
  public Distillation {
    Require.argument(skipped >= 0 && skipped < 1, "skipped is %s: it must lie in [0, 1)", skipped);
  }

  /**
   * The loss, a scalar.
   *
   * @param logits z [B, H, rows, columns]
   * @param target p in the same shape; rows of zeros teach nothing
   * @param keep 1 where the softmax of z reaches
   */
  Var loss(Var logits, Tensor target, Tensor keep) {
    Shape shape = logits.shape();
    int first = (int) (skipped * shape.extent(2));
    int columns = Math.max(1, shape.extent(3));
    boolean[] teaches = new boolean[target.size() / columns];
    for (int p = 0; p < target.size(); p++) {
      teaches[p / columns] |= target.get(p) > 0 && shape.index(p)[2] >= first;
    }
    Tensor read = Tensor.generate(shape, p -> teaches[p / columns] && keep.get(p) != 0 ? 1 : 0);
    Tensor p = Tensor.generate(shape, e -> read.get(e) * target.get(e));
    Var kept = Ops.select(logits, read);
    Var lse = Ops.reshape(Ops.logSumExp(kept, read), shape.with(3, 1));
    Tensor rows = KeepMask.where(lse.shape(), at -> teaches[row(shape, at)]);
    Var minusLog = Ops.sub(Ops.select(lse, rows), kept);
    Var cross = Ops.mul(Ops.constant(logits.tape(), p), minusLog);
    double entropy = 0;
    for (int e = 0; e < p.size(); e++) {
      entropy += p.get(e) > 0 ? p.get(e) * StrictMath.log(p.get(e)) : 0;
    }
    Var sum = Ops.shift(Ops.sumTo(cross, Shape.of(1, 1, 1, 1)), entropy);
    return Ops.reshape(Ops.scale(sum, factor(teaches, target.size(), first, shape)), Shape.of());
  }

  private static int row(Shape shape, int[] at) {
    return (at[0] * shape.extent(1) + at[1]) * shape.extent(2) + at[2];
  }

  private double factor(boolean[] teaches, int elements, int first, Shape shape) {
    int rows = 0;
    for (boolean one : teaches) {
      rows += one ? 1 : 0;
    }
    int used = elements / Math.max(1, shape.extent(2)) * (shape.extent(2) - first);
    return switch (reduction) {
      case ROW_MEAN -> 1.0 / Math.max(1, rows);
      case ELEMENT_MEAN -> 1.0 / Math.max(1, used);
      case SUM -> 1;
    };
  }
}
