package dev.assay.gradcheck.certified;

import dev.assay.gradcheck.ball.Arithmetic;
import dev.assay.gradcheck.ball.Ball;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Primitives that look at one element at a time.
 *
 * @param <B> the kind of ball
 */
final class Elements<B extends Ball> {
  private final Arithmetic<B> on;
  private boolean undecided;

  Elements(Arithmetic<B> on) {
    this.on = on;
  }

  BallTensor<B> map(BallTensor<B> x, UnaryOperator<B> f) {
    return BallTensor.generate(x.shape(), p -> f.apply(x.get(p)));
  }

  BallTensor<B> combine(BallTensor<B> a, BallTensor<B> b, BinaryOperator<B> f) {
    return BallTensor.generate(a.shape(), p -> f.apply(a.get(p), b.get(p)));
  }

  /**
   * 1 where x is at least theta, 0 where it is below or NaN; where the ball meets both, unknown.
   */
  BallTensor<B> step(BallTensor<B> x, double theta) {
    return map(x, a -> step(a, theta));
  }

  private B step(B a, double theta) {
    return switch (a.kind()) {
      case NAN, MINUS_INFINITY -> on.of(0);
      case PLUS_INFINITY -> on.of(1);
      case UNKNOWN -> undecided();
      case FINITE -> {
        B above = on.sub(a, on.of(theta));
        if (above.isNegative()) {
          yield on.of(0);
        }
        yield above.isPositive() || above.isZero() ? on.of(1) : undecided();
      }
    };
  }

  private B undecided() {
    undecided = true;
    return on.unknown();
  }

  /** Whether a comparison could not be decided since this was last asked. */
  boolean wasUndecided() {
    boolean was = undecided;
    undecided = false;
    return was;
  }
}
