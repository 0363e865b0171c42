package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Composed;
import dev.assay.op.Ops;

/**
 * The layer that works on each token by itself: {@code y = W2 f(W1 x + b1) + b2}, or gated {@code y
 * = W2 (silu(W1 x) * W3 x)} without biases.
 *
 * @param hidden channels in between
 * @param activation f
 */
public record FeedForward(int hidden, Activation activation) {
  /** Checks the size. */
  public FeedForward {
    Require.positive(hidden, "hidden");
  }

  /** The function between the two products. */
  public enum Activation {
    /** {@code max(x, 0)}. */
    RELU,
    /**
     * {@code x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2}: the approximation of Hendrycks and
     * Gimpel, "Gaussian error linear units" (2016). The exact function needs erf, which is no op.
     */
    GELU_TANH,
    /** {@code x / (1 + e^-x)}. */
    SILU,
    /** Gated: Shazeer, "GLU variants improve Transformer" (2020). */
    SWIGLU
  }

  private static final double GELU_SLOPE = Math.sqrt(2 / Math.PI);

  /** {@code max(x, 0)}, GELU by tanh, or SiLU, elementwise; for SWIGLU that of its gate, SiLU. */
  public static Var activate(Activation activation, Var x) {
    return switch (activation) {
      case RELU -> Composed.relu(x);
      case GELU_TANH -> {
        Var cube = Ops.mul(x, Ops.mul(x, x));
        Var inner = Ops.scale(Ops.add(x, Ops.scale(cube, 0.044715)), GELU_SLOPE);
        yield Ops.scale(Ops.mul(x, Ops.shift(Ops.tanh(inner), 1)), 0.5);
      }
      case SILU, SWIGLU -> Ops.mul(x, Ops.sigmoid(x));
    };
  }

  /** Applies it to [..., width] with parameters {@code up}, {@code down} and {@code gate}. */
  public Var of(Scope scope, Var x) {
    int width = x.shape().extent(-1);
    if (activation == Activation.SWIGLU) {
      Var gate = Linear.withoutBias(scope.in("gate"), width, hidden).of(x);
      Var up = Linear.withoutBias(scope.in("up"), width, hidden).of(x);
      Var inner = Ops.mul(activate(activation, gate), up);
      return Linear.withoutBias(scope.in("down"), hidden, width).of(inner);
    }
    Var inner = activate(activation, Linear.in(scope.in("up"), width, hidden).of(x));
    return Linear.in(scope.in("down"), hidden, width).of(inner);
  }
}
