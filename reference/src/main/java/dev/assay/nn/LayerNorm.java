package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.op.Composed;
import dev.assay.op.Ops;

/**
 * {@code y = gain (x - mean) / sqrt(variance + eps) + bias} over the innermost axis, variance
 * without Bessel's correction: Ba, Kiros and Hinton, "Layer normalization" (2016).
 *
 * @param gain [width]
 * @param bias [width]
 * @param eps positive
 */
public record LayerNorm(Var gain, Var bias, double eps) {
  /** The usual summand of the variance. */
  public static final double EPS = 1e-5;

  /** With parameters {@code weight}, ones, and {@code bias}, zeros, of this place. */
  public static LayerNorm in(Scope scope, int width) {
    return new LayerNorm(
        scope.parameter("weight", Start.ones(), width),
        scope.parameter("bias", Start.zeros(), width),
        EPS);
  }

  /** Applies it to [..., width]. */
  public Var of(Var x) {
    Var centred = Ops.sub(x, Composed.mean(x, -1));
    return Ops.add(Ops.mul(Composed.rmsNorm(centred, eps), gain), bias);
  }
}
