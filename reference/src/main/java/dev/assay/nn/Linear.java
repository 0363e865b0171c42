package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = x W^T + b}, the layout of PyTorch and of most checkpoints.
 *
 * @param weight [out, in]
 * @param bias [out], or null
 */
public record Linear(Var weight, @Nullable Var bias) {
  /** With parameters {@code weight} and {@code bias} of this place. */
  public static Linear in(Scope scope, int in, int out) {
    return new Linear(
        scope.parameter("weight", Start.balanced(in, out), out, in),
        scope.parameter("bias", Start.zeros(), out));
  }

  /** With the parameter {@code weight} of this place. */
  public static Linear withoutBias(Scope scope, int in, int out) {
    return new Linear(scope.parameter("weight", Start.balanced(in, out), out, in), null);
  }

  /**
   * Applies it to the innermost axis.
   *
   * @param x [..., in]
   * @return [..., out]
   */
  public Var of(Var x) {
    int in = x.shape().extent(-1);
    Var rows = Ops.reshape(x, Shape.of(x.shape().size() / Math.max(in, 1), in));
    Var y = Ops.matMul(rows, Ops.transpose(weight));
    Var shifted = bias == null ? y : Ops.add(y, bias);
    return Ops.reshape(shifted, x.shape().with(-1, weight.shape().extent(0)));
  }
}
