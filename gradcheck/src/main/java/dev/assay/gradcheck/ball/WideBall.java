package dev.assay.gradcheck.ball;

import java.math.BigInteger;
import java.util.OptionalDouble;

/**
 * The numbers from {@code (mid - rad) 2^exp} to {@code (mid + rad) 2^exp}.
 *
 * @param kind what it is; the rest counts for finite balls alone
 * @param mid midpoint, in units of 2^exp
 * @param rad radius, in the same units, at least 0
 * @param exp exponent of the unit
 */
record WideBall(Kind kind, BigInteger mid, BigInteger rad, int exp) implements Ball {
  /** A finite ball. */
  static WideBall finite(BigInteger mid, BigInteger rad, int exp) {
    return new WideBall(Kind.FINITE, mid, rad, exp);
  }

  /** What is no real number. */
  static WideBall special(Kind kind) {
    return new WideBall(kind, BigInteger.ZERO, BigInteger.ZERO, 0);
  }

  /** Largest magnitude, in units of 2^exp. */
  BigInteger most() {
    return mid.abs().add(rad);
  }

  /** Smallest magnitude, in units of 2^exp; not above 0 where the ball meets 0. */
  BigInteger least() {
    return mid.abs().subtract(rad);
  }

  @Override
  public boolean isExact() {
    return rad.signum() == 0;
  }

  @Override
  public boolean isZero() {
    return kind == Kind.FINITE && mid.signum() == 0 && rad.signum() == 0;
  }

  @Override
  public boolean isOne() {
    return isExact() && mid.signum() > 0 && mid.bitCount() == 1 && mid.bitLength() + exp == 1;
  }

  @Override
  public boolean isPositive() {
    return mid.signum() > 0 && least().signum() > 0;
  }

  @Override
  public boolean isNegative() {
    return mid.signum() < 0 && least().signum() > 0;
  }

  @Override
  public double approximate() {
    return nearest(mid, exp);
  }

  @Override
  public double radius() {
    return kind == Kind.UNKNOWN ? Double.POSITIVE_INFINITY : above(rad, exp);
  }

  @Override
  public double lower() {
    return -above(mid.negate().add(rad), exp);
  }

  @Override
  public double upper() {
    return above(mid.add(rad), exp);
  }

  @Override
  public OptionalDouble rounded() {
    return switch (kind) {
      case UNKNOWN -> OptionalDouble.empty();
      case NAN -> OptionalDouble.of(Double.NaN);
      case PLUS_INFINITY -> OptionalDouble.of(Double.POSITIVE_INFINITY);
      case MINUS_INFINITY -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
      case FINITE -> {
        double low = nearest(mid.subtract(rad), exp);
        double high = nearest(mid.add(rad), exp);
        // What is not known to be below 0 has no sign when it rounds to 0.
        double value = high == 0 && !isNegative() ? 0 : high;
        yield low == high ? OptionalDouble.of(value) : OptionalDouble.empty();
      }
    };
  }

  /** The least double that is not below {@code m 2^e}, or the one above that. */
  private static double above(BigInteger m, int e) {
    double near = nearest(m, e);
    return isEqual(near, m, e) ? near : Math.nextUp(near);
  }

  private static boolean isEqual(double x, BigInteger m, int e) {
    if (m.signum() == 0 || x == 0 || Double.isInfinite(x)) {
      return m.signum() == 0 && x == 0;
    }
    // A double is its significand times a power of two; both sides without factors of two agree.
    int unit = Math.max(Math.getExponent(x), Double.MIN_EXPONENT) - 52;
    BigInteger significand = BigInteger.valueOf((long) Math.scalb(x, -unit));
    int twos = significand.getLowestSetBit();
    int others = m.getLowestSetBit();
    return unit + twos == e + others && significand.shiftRight(twos).equals(m.shiftRight(others));
  }

  /** {@code m 2^e} rounded to the nearest double, ties to even. */
  private static double nearest(BigInteger m, int e) {
    BigInteger size = m.abs();
    int top = size.bitLength() + e;
    if (size.signum() == 0 || top < Double.MIN_EXPONENT - 53) {
      return m.signum() < 0 ? -0.0 : 0;
    }
    if (top > Double.MAX_EXPONENT + 1) {
      return m.signum() * Double.POSITIVE_INFINITY;
    }
    int unit = Math.max(top - 53, Double.MIN_EXPONENT - 52);
    int drop = unit - e;
    BigInteger kept = drop > 0 ? size.shiftRight(drop) : size.shiftLeft(-drop);
    if (drop > 0 && size.testBit(drop - 1)) {
      boolean tie = size.getLowestSetBit() == drop - 1;
      kept = tie && !kept.testBit(0) ? kept : kept.add(BigInteger.ONE);
    }
    return m.signum() * Math.scalb((double) kept.longValue(), unit);
  }
}
