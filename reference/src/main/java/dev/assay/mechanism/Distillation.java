package dev.assay.mechanism;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * Losses by which a gate learns from the attention of its own model. The target is a constant: the
 * gradient reaches the logits z alone. Rows without an admissible entry are left out, and so are
 * the first ones, if told so; a masked logit is never read.
 *
 * <p>Every loss takes z and the target in one shape, [..., rows, columns], and {@code admissible},
 * 1 where a logit counts, in the same.
 *
 * @param reduction what becomes of the losses of the rows
 * @param skipped the share of the rows, from the first, that are left out; in [0, 1)
 */
public record Distillation(Reduction reduction, double skipped) {
  /** The mean over all rows that have something to learn. */
  public static final Distillation BY_ROWS = new Distillation(Reduction.ROW_MEAN, 0);

  /** How the losses of rows become one number. */
  public enum Reduction {
    /**
     * Their sum over the number of all elements, those of rows without an admissible entry too, as
     * the code of SeerAttention has it.
     */
    ALL_ELEMENTS,
    /** Their sum over the number of rows that are not left out, times that of the columns. */
    ELEMENT_MEAN,
    /** Their mean over the rows that are not left out. */
    ROW_MEAN,
    /** Their sum, as DeepSeek-V3.2-Exp has it. */
    SUM
  }

  /** Checks the share. */
  public Distillation {
    Require.argument(skipped >= 0 && skipped < 1, "skipped is %s: it must lie in [0, 1)", skipped);
  }

  /**
   * {@code KL(p || softmax z) = sum_J p_J (log p_J - log softmax(z)_J)} with 0 log 0 = 0; its
   * gradient is {@code softmax(z) sum p - p}.
   *
   * @param z logits
   * @param p probabilities, as {@link Teacher} makes them
   */
  public Var kl(Var z, Tensor p, Tensor admissible) {
    Tensor counted = counted(z, admissible);
    Tensor target = Tensor.generate(p.shape(), e -> counted.get(e) * p.get(e));
    Var known = Ops.select(z, counted);
    Tensor constant =
        Tensor.generate(
            p.shape(), e -> target.get(e) > 0 ? target.get(e) * StrictMath.log(target.get(e)) : 0);
    Var lse = Ops.logSumExp(z, counted);
    Tensor live =
        Tensor.generate(lse.shape(), r -> lse.value().get(r) == Double.NEGATIVE_INFINITY ? 0 : 1);
    Var column = Ops.reshape(Ops.select(lse, live), z.shape().with(-1, 1));
    Var crossed = Ops.mul(Ops.constant(z.tape(), target), Ops.sub(known, column));
    return reduced(Ops.sub(Ops.constant(z.tape(), constant), crossed), counted);
  }

  /** {@code sum_J (softmax(z)_J - p_J)^2}. */
  public Var squares(Var z, Tensor p, Tensor admissible) {
    Tensor counted = counted(z, admissible);
    Tensor target = Tensor.generate(p.shape(), e -> counted.get(e) * p.get(e));
    Var gap = Ops.sub(Ops.maskedSoftmax(z, counted), Ops.constant(z.tape(), target));
    return reduced(Ops.mul(gap, gap), counted);
  }

  /**
   * {@code -sum_J (y_J log sigmoid(z_J) + (1 - y_J) log sigmoid(-z_J))}.
   *
   * @param y 1 where the oracle would have chosen
   */
  public Var entropyOfChoice(Var z, Tensor y, Tensor admissible) {
    Tensor counted = counted(z, admissible);
    Var signed =
        Ops.mul(
            Ops.select(z, counted),
            Ops.constant(z.tape(), Tensor.generate(y.shape(), e -> 2 * y.get(e) - 1)));
    Var loss = Ops.scale(Ops.log(Ops.sigmoid(signed)), -1);
    return reduced(Ops.select(loss, counted), counted);
  }

  /**
   * The mean over the pairs of a chosen J and a refused K of a row of {@code max(0, margin - z_J +
   * z_K)}, summed over rows as the reduction says.
   *
   * @param y 1 where the oracle would have chosen
   */
  public Var ranking(Var z, Tensor y, Tensor admissible, double margin) {
    Tensor counted = counted(z, admissible);
    int width = z.shape().extent(-1);
    int rows = z.shape().size() / Math.max(1, width);
    Var flat = Ops.reshape(Ops.select(z, counted), Shape.of(rows, 1, width));
    Var chosen =
        Ops.broadcast(Ops.reshape(flat, Shape.of(rows, width, 1)), Shape.of(rows, width, width));
    Var violation = Ops.shift(Ops.sub(flat, chosen), margin);
    Tensor values = violation.value();
    double[] weights = new double[values.size()];
    for (int row = 0; row < rows; row++) {
      int start = row * width;
      int pairs = 0;
      for (int p = 0; p < width * width; p++) {
        pairs += isPair(counted, y, start + p / width, start + p % width) ? 1 : 0;
      }
      for (int p = 0; p < width * width; p++) {
        int at = row * width * width + p;
        boolean counts = isPair(counted, y, start + p / width, start + p % width);
        weights[at] = counts && values.get(at) > 0 ? 1.0 / pairs : 0;
      }
    }
    Var weighted =
        Ops.mul(violation, Ops.constant(z.tape(), Tensor.adopt(values.shape(), weights)));
    return reduced(Ops.reshape(Ops.sum(weighted, 1), z.shape()), counted);
  }

  private static boolean isPair(Tensor counted, Tensor y, int chosen, int refused) {
    return counted.get(chosen) * counted.get(refused) != 0
        && y.get(chosen) != 0
        && y.get(refused) == 0;
  }

  /** The admissible entries of the rows that are not skipped. */
  private Tensor counted(Var z, Tensor admissible) {
    Shape shape = z.shape();
    Require.argument(
        shape.equals(admissible.shape()),
        "the logits have shape %s, admissible %s: they must agree",
        shape,
        admissible.shape());
    int width = shape.extent(-1);
    int rows = shape.extent(-2);
    int first = skippedRows(rows);
    return Tensor.generate(shape, e -> e / width % rows < first ? 0 : admissible.get(e));
  }

  private int skippedRows(int rows) {
    return (int) Math.floor(skipped * rows);
  }

  private Var reduced(Var losses, Tensor counted) {
    int width = counted.shape().extent(-1);
    int rows = 0;
    for (int start = 0; start < counted.size(); start += width) {
      for (int e = start; e < start + width; e++) {
        if (counted.get(e) != 0) {
          rows++;
          break;
        }
      }
    }
    int all = counted.size() / Math.max(1, counted.shape().extent(-2));
    int unskipped = counted.shape().extent(-2) - skippedRows(counted.shape().extent(-2));
    Var sum = Ops.sumTo(losses, Shape.of());
    double divisor =
        switch (reduction) {
          case ALL_ELEMENTS -> (double) all * unskipped;
          case ELEMENT_MEAN -> (double) rows * width;
          case ROW_MEAN -> rows;
          case SUM -> 1;
        };
    return Ops.scale(sum, 1 / Math.max(1, divisor));
  }
}
