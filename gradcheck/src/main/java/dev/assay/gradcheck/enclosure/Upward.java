package dev.assay.gradcheck.enclosure;

import dev.assay.gradcheck.ball.Ball;
import dev.assay.gradcheck.ball.Ball.Kind;

/**
 * Radii in doubles that never come out too small.
 *
 * <p>A radius is a sum of products of numbers that are not negative. Fewer than 2^16 operations,
 * each off by at most 2^-53 of its result, take off less than a fraction 2^-36 of it, and {@link
 * #UP} outweighs that. Functions of {@code StrictMath} are off by at most one unit in the last
 * place, which counts as two operations.
 */
final class Upward {
  /** Outweighs the rounding of a radius. */
  static final double UP = 1 + 0x1p-35;

  private Upward() {}

  /** At least {@code gamma(n, u) = n u / (1 - n u)}, the bound of n roundings one after another. */
  static double gamma(double n, double u) {
    double x = n * u;
    return x < 1 ? UP * x / (1 - UP * x) : Double.POSITIVE_INFINITY;
  }

  /** At least the largest magnitude of a ball. */
  static double most(Ball a) {
    return a.kind() == Kind.FINITE
        ? Math.max(Math.abs(a.lower()), Math.abs(a.upper()))
        : Double.POSITIVE_INFINITY;
  }

  /** What a sum of n products of doubles is off, by the sum of their magnitudes. */
  static double summed(int n) {
    return gamma(n + 3, 0x1p-53);
  }

  /** At least {@code (1 + x)(1 + y) - 1}: two relative errors together. */
  static double both(double x, double y) {
    return UP * (x + y + x * y);
  }

  /**
   * At least {@code e^x (e^delta - 1)}: the most by which an exponential is off.
   *
   * @param e at least e^x
   * @param x at least x
   */
  static double lift(double e, double x, double delta) {
    double relative = StrictMath.expm1(delta);
    boolean product = e >= Double.MIN_NORMAL && relative < Double.POSITIVE_INFINITY;
    return UP * (product ? e * relative : StrictMath.exp(x + delta)) + Double.MIN_VALUE;
  }
}
