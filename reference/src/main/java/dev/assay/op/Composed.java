package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/** Functions that are written with {@link Ops} and have no derivative rule of their own. */
public final class Composed {
  private Composed() {}

  /** Mean over one axis, which stays with extent 1. */
  public static Var mean(Var x, int axis) {
    return Ops.scale(Ops.sum(x, axis), 1.0 / x.shape().extent(axis));
  }

  /** {@code max(x, 0)}, with slope 0 at 0. */
  public static Var relu(Var x) {
    // 1 - [-x >= 0] is [x > 0], and lets NaN through.
    Var atMostZero = Ops.step(Ops.scale(x, -1), 0);
    return Ops.mul(x, Ops.shift(Ops.scale(atMostZero, -1), 1));
  }

  /**
   * {@code x / sqrt(mean(x^2) + eps)} over the last axis. Source: Zhang and Sennrich, "Root mean
   * square layer normalization" (2019), without its gain.
   */
  public static Var rmsNorm(Var x, double eps) {
    return Ops.div(x, Ops.sqrt(Ops.shift(mean(Ops.mul(x, x), -1), eps)));
  }

  /**
   * The largest element along the last axis, which stays with extent 1; the gradient goes to the
   * first of equals. The choice is frozen when it is recorded.
   */
  public static Var max(Var x) {
    Tensor values = x.value();
    int width = x.shape().extent(-1);
    int[] winners = new int[x.shape().with(-1, 1).size()];
    for (int row = 0; row < winners.length; row++) {
      winners[row] = row * width;
      for (int p = row * width; p < (row + 1) * width; p++) {
        winners[row] = values.get(p) > values.get(winners[row]) ? p : winners[row];
      }
    }
    Var flat = Ops.reshape(x, Shape.of(x.shape().size()));
    return Ops.reshape(Ops.gather(flat, 0, winners), x.shape().with(-1, 1));
  }
}
