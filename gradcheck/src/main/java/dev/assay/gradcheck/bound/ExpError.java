package dev.assay.gradcheck.bound;

/** How far an exponential may lie off whose argument is off. */
final class ExpError {
  private ExpError() {}

  /**
   * The largest {@code |exp(x + d) - exp(x)|} for {@code |d| <= delta}: {@code exp(x) (exp(delta) -
   * 1)}, infinite if delta is.
   *
   * <p>A key far below the others has an exponential of 0, and since its score is large, an
   * argument that may be off by hundreds: the product of the two factors would be 0 times infinity,
   * though the exponential of such a key is 0 in every arithmetic.
   */
  static double of(double x, double delta) {
    double y = StrictMath.exp(x);
    double relative = StrictMath.expm1(delta);
    boolean product = y >= Double.MIN_NORMAL && relative < Double.POSITIVE_INFINITY;
    return product ? y * relative : Math.max(0, StrictMath.exp(x + delta) - y);
  }
}
