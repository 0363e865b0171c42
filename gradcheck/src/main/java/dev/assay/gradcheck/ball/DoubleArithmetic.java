package dev.assay.gradcheck.ball;

/**
 * Balls around the sum of two doubles: about 106 bits, for numbers between 2^-960 and 2^1000.
 *
 * <p>The algorithms are those of Joldes, Muller and Popescu, "Tight and rigorous error bounds for
 * basic building blocks of double-word arithmetic" (ACM TOMS 44, 2017): their AccurateDWPlusDW and
 * DWTimesDW3, with u = 2^-53. What they bound in advance is measured here: the radius grows by what
 * was really lost, so that sums and products which lose nothing are known to be exact.
 *
 * <ul>
 *   <li>TwoSum (Knuth) gives s = RN(a + b) and the exact e = a + b - s for all finite a, b without
 *       overflow, subnormal ones included.
 *   <li>TwoProd gives p = RN(a b) and the exact e = fma(a, b, -p) while p is above {@link #SMALL}
 *       in magnitude; below it e is off by at most 2^-1075.
 *   <li>A single operation that rounds to r is off by at most u |r| + 2^-1075.
 * </ul>
 */
public final class DoubleArithmetic extends Arithmetic<DoubleBall> {
  /** The unit roundoff, 2^-53. */
  private static final double U = 0x1p-53;

  /**
   * Above it a product of doubles has an exact error: it is a multiple of the product of the
   * operands' last places, which is at least 2^(-960 - 2 - 104) then, and that is above 2^-1074.
   */
  private static final double SMALL = 0x1p-960;

  /**
   * 1 + 16 u: outweighs the rounding of up to ten operations on numbers that are not negative, and
   * its own. Where they are subnormal, sums are exact.
   */
  private static final double UP = 1 + 0x1p-49;

  private static final double TINY = Double.MIN_VALUE;
  private static final DoubleBall UNKNOWN = new DoubleBall(0, 0, Double.POSITIVE_INFINITY);

  @Override
  public DoubleBall of(double value) {
    return new DoubleBall(value, 0, 0);
  }

  @Override
  public DoubleBall unknown() {
    return UNKNOWN;
  }

  @Override
  public int bits() {
    return 108;
  }

  @Override
  public int exponentLimit() {
    return 900;
  }

  @Override
  public DoubleBall negate(DoubleBall a) {
    return new DoubleBall(-a.hi(), -a.lo(), a.radius());
  }

  @Override
  public DoubleBall center(DoubleBall a) {
    return a.radius() == 0 ? a : new DoubleBall(a.hi(), a.lo(), 0);
  }

  @Override
  public DoubleBall widen(DoubleBall a, DoubleBall by) {
    return ball(a.hi(), a.lo(), UP * (a.radius() + most(by)));
  }

  /** The largest magnitude. */
  private static double most(DoubleBall a) {
    return UP * (Math.abs(a.hi()) + Math.abs(a.lo()) + a.radius());
  }

  @Override
  public int exponent(DoubleBall a) {
    return Math.getExponent(most(a)) + 1;
  }

  @Override
  public DoubleBall scalb(DoubleBall a, int n) {
    // Within the limit a power of two is a double.
    return product(a, new DoubleBall(Math.scalb(1.0, n), 0, 0));
  }

  /** The normalised ball, or nothing known where it overflowed. */
  private static DoubleBall ball(double a, double b, double radius) {
    double hi = a + b;
    if (!Double.isFinite(hi) || !(radius < Double.POSITIVE_INFINITY)) {
      return UNKNOWN;
    }
    return new DoubleBall(hi, lost(a, b, hi), radius);
  }

  /** TwoSum: {@code a + b - s} for {@code s = RN(a + b)}, exactly. */
  private static double lost(double a, double b, double s) {
    double bb = s - a;
    return (a - (s - bb)) + (b - bb);
  }

  /**
   * With s + e = a.hi + b.hi, t + f = a.lo + b.lo, c + g = e + t and v + w = s + c exactly, the sum
   * is v + w + f + g; rounded are only x = f + g and y = w + x, by amounts that TwoSum tells.
   */
  @Override
  protected DoubleBall sum(DoubleBall a, DoubleBall b) {
    double s = a.hi() + b.hi();
    double e = lost(a.hi(), b.hi(), s);
    double t = a.lo() + b.lo();
    double f = lost(a.lo(), b.lo(), t);
    double c = e + t;
    double g = lost(e, t, c);
    double v = s + c;
    double w = lost(s, c, v);
    double x = f + g;
    double y = w + x;
    double rounding = Math.abs(lost(f, g, x)) + Math.abs(lost(w, x, y));
    return ball(v, y, UP * (rounding + a.radius() + b.radius()));
  }

  @Override
  protected DoubleBall product(DoubleBall a, DoubleBall b) {
    if (a.isZero() || b.isZero()) {
      return of(0);
    }
    double p = a.hi() * b.hi();
    double e = Math.fma(a.hi(), b.hi(), -p);
    double spread = spread(a, b);
    boolean small = Math.abs(p) < SMALL;
    if (a.lo() == 0 && b.lo() == 0) {
      return ball(p, e, UP * (spread + (small ? TINY : 0)));
    }
    if (isPowerOfTwo(a) || isPowerOfTwo(b)) {
      double low = a.hi() * b.lo() + a.lo() * b.hi();
      boolean lossless = !small && Math.abs(low) > Double.MIN_NORMAL;
      return ball(p, low, UP * (spread + (lossless ? 0 : 4 * TINY)));
    }
    // The product is p + e + a.lo b.lo + a.hi b.lo + a.lo b.hi: four roundings.
    double t1 = a.lo() * b.lo();
    double t2 = Math.fma(a.hi(), b.lo(), t1);
    double t3 = Math.fma(a.lo(), b.hi(), t2);
    double c = e + t3;
    double rounding = U * (Math.abs(t1) + Math.abs(t2) + Math.abs(t3) + Math.abs(c)) + 4 * TINY;
    return ball(p, c, UP * (rounding + spread));
  }

  /**
   * {@code |a| rb + |b| ra + ra rb}; a product of radii that underflows counts as {@link #TINY}.
   */
  private static double spread(DoubleBall a, DoubleBall b) {
    if (a.radius() == 0 && b.radius() == 0) {
      return 0;
    }
    double full = UP * (Math.abs(b.hi()) * (1 + 2 * U) + b.radius());
    return UP * (Math.abs(a.hi()) * (1 + 2 * U) * b.radius() + full * a.radius()) + 2 * TINY;
  }

  /** Scaling by a power of two rounds nothing but what underflows. */
  private static boolean isPowerOfTwo(DoubleBall a) {
    return a.lo() == 0 && (Double.doubleToRawLongBits(a.hi()) & 0xF_FFFF_FFFF_FFFFL) == 0;
  }

  @Override
  protected DoubleBall nearQuotient(DoubleBall a, DoubleBall b) {
    DoubleBall divisor = center(b);
    double q1 = a.hi() / b.hi();
    DoubleBall rest = sum(center(a), negate(product(of(q1), divisor)));
    double q2 = rest.hi() / b.hi();
    rest = sum(center(rest), negate(product(of(q2), divisor)));
    double q3 = rest.hi() / b.hi();
    return center(sum(ball(q1, q2, 0), of(q3)));
  }

  @Override
  protected DoubleBall nearRoot(DoubleBall a) {
    DoubleBall y = of(Math.sqrt(a.hi()));
    for (int step = 0; step < 2; step++) {
      DoubleBall rest = sum(center(a), negate(product(y, y)));
      y = center(sum(y, of(rest.hi() / (2 * y.hi()))));
    }
    return y;
  }

  @Override
  protected DoubleBall widenByQuotient(DoubleBall a, DoubleBall d, DoubleBall b) {
    if (d.isZero()) {
      return a;
    }
    // What the first factor takes off outweighs the rounding of both differences.
    double least = Math.abs(b.hi()) * (1 - 0x1p-40) - Math.abs(b.lo()) - b.radius();
    if (!(least > 0)) {
      return UNKNOWN;
    }
    return ball(a.hi(), a.lo(), UP * (a.radius() + UP * most(d) / least + TINY));
  }
}
