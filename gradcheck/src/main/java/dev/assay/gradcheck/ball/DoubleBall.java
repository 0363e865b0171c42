package dev.assay.gradcheck.ball;

import java.util.OptionalDouble;

/**
 * A ball whose midpoint is the exact sum of two doubles.
 *
 * @param hi the double nearest to the midpoint; NaN and infinities stand for themselves
 * @param lo what {@code hi} lacks
 * @param radius at least 0; +inf where nothing is known
 */
record DoubleBall(double hi, double lo, double radius) implements Ball {
  @Override
  public Kind kind() {
    if (Double.isFinite(hi)) {
      return radius < Double.POSITIVE_INFINITY ? Kind.FINITE : Kind.UNKNOWN;
    }
    if (Double.isNaN(hi)) {
      return Kind.NAN;
    }
    return hi > 0 ? Kind.PLUS_INFINITY : Kind.MINUS_INFINITY;
  }

  @Override
  public boolean isExact() {
    return radius == 0;
  }

  @Override
  public boolean isZero() {
    return hi == 0 && radius == 0;
  }

  @Override
  public boolean isOne() {
    return hi == 1 && lo == 0 && radius == 0;
  }

  @Override
  public boolean isPositive() {
    return lower() > 0;
  }

  @Override
  public boolean isNegative() {
    return upper() < 0;
  }

  @Override
  public double approximate() {
    return hi;
  }

  @Override
  public double lower() {
    return -negated().upper();
  }

  private DoubleBall negated() {
    return new DoubleBall(-hi, -lo, radius);
  }

  @Override
  public double upper() {
    if (lo == 0 && radius == 0) {
      return hi;
    }
    // Each sum is rounded, by less than the step to the next double.
    return Math.nextUp(hi + Math.nextUp(lo + radius));
  }

  /**
   * All numbers round to hi while they stay strictly within half the gap to its neighbours; on a
   * radius of 0 hi is the rounded midpoint by its definition.
   */
  @Override
  public OptionalDouble rounded() {
    if (kind() == Kind.UNKNOWN) {
      return OptionalDouble.empty();
    }
    if (kind() != Kind.FINITE || radius == 0) {
      return OptionalDouble.of(hi);
    }
    boolean near = staysBelow(hi, lo + radius) && staysBelow(-hi, radius - lo);
    return near ? OptionalDouble.of(hi) : OptionalDouble.empty();
  }

  /** Whether x + reach, where reach may be rounded, is nearer to x than to the next double. */
  private static boolean staysBelow(double x, double reach) {
    // Above the largest double the gap is what it is below.
    double gap = Math.min(Math.nextUp(x) - x, Math.ulp(x));
    return 2 * Math.nextUp(reach) < gap;
  }
}
