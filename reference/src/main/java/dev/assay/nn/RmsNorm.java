package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.op.Composed;
import dev.assay.op.Ops;

/**
 * {@code y = gain x / sqrt(mean(x^2) + eps)} over the innermost axis: Zhang and Sennrich, "Root
 * mean square layer normalization" (2019).
 *
 * @param gain [width]
 * @param eps positive
 */
public record RmsNorm(Var gain, double eps) {
  /** The usual summand of the mean square. */
  public static final double EPS = 1e-6;

  /** With the parameter {@code weight}, ones, of this place. */
  public static RmsNorm in(Scope scope, int width) {
    return new RmsNorm(scope.parameter("weight", Start.ones(), width), EPS);
  }

  /** Applies it to [..., width]. */
  public Var of(Var x) {
    return Ops.mul(Composed.rmsNorm(x, eps), gain);
  }
}
