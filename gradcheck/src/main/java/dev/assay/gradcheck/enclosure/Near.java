package dev.assay.gradcheck.enclosure;

import static dev.assay.gradcheck.enclosure.Upward.UP;

import dev.assay.gradcheck.ball.Ball;
import dev.assay.gradcheck.ball.Ball.Kind;

/**
 * A double near a true number.
 *
 * @param number the double
 * @param off at least how far it is from the true number, but for the roundings of the products it
 *     was made by, which {@link Upward#summed} counts
 */
record Near(double number, double off) {
  /** What a ball is near. */
  static Near of(Ball a) {
    double near = a.approximate();
    return new Near(
        near,
        a.kind() == Kind.FINITE
            ? UP * Math.max(a.upper() - near, near - a.lower())
            : Double.POSITIVE_INFINITY);
  }

  /** The product with a number that is known. */
  Near times(double factor) {
    return new Near(number * factor, UP * off * Math.abs(factor));
  }

  /**
   * The product with another that is near.
   *
   * @param most at least the true magnitude of this one
   * @param mostOther at least that of the other
   */
  Near times(Near other, double most, double mostOther) {
    return new Near(number * other.number, UP * (most * other.off + off * mostOther));
  }
}
