package dev.assay.nn;

import dev.assay.autograd.Var;

/** Which normalisation a model uses. */
public enum Norm {
  /** {@link LayerNorm}. */
  LAYER,
  /** {@link RmsNorm}. */
  RMS;

  /** Applies it with parameters of this place. */
  public Var of(Scope scope, Var x) {
    int width = x.shape().extent(-1);
    return switch (this) {
      case LAYER -> LayerNorm.in(scope, width).of(x);
      case RMS -> RmsNorm.in(scope, width).of(x);
    };
  }
}
