package dev.assay.gradcheck.precision;

import java.util.Locale;

/**
 * Floating-point formats of kernels. A value is an integer of {@link #bits} bits times a power of
 * two, subnormal ones included. Sources: IEEE 754-2019; Micikevicius et al., "FP8 formats for deep
 * learning" (2022).
 */
public enum NumberFormat {
  /** binary32. */
  F32(24, -126, 0x1.fffffep127, false),
  /** bfloat16. */
  BF16(8, -126, 0x1.fep127, false),
  /** binary16. */
  FP16(11, -14, 65504, false),
  /** Eight bits with four of exponent; no infinity, and conversions to it saturate. */
  E4M3(4, -6, 448, true),
  /** Eight bits with five of exponent; conversions to it saturate. */
  E5M2(3, -14, 57344, true);

  private final int bits;
  private final int minExponent;
  private final double largest;
  private final boolean saturates;

  NumberFormat(int bits, int minExponent, double largest, boolean saturates) {
    this.bits = bits;
    this.minExponent = minExponent;
    this.largest = largest;
    this.saturates = saturates;
  }

  /** Bits of the significand p, the leading one included. */
  public int bits() {
    return bits;
  }

  /** The unit roundoff, 2^-p. */
  public double unitRoundoff() {
    return Math.scalb(1.0, -bits);
  }

  /** The largest finite value. */
  public double largest() {
    return largest;
  }

  /** Whether what is too large becomes {@link #largest}, also an infinity. */
  public boolean saturates() {
    return saturates;
  }

  /** Whether every value of the other format is one of this. */
  public boolean holds(NumberFormat other) {
    return bits >= other.bits
        && minExponent - bits <= other.minExponent - other.bits
        && largest >= other.largest;
  }

  /**
   * A value of this format beside x, or x if it is one; NaN for NaN.
   *
   * @param dice asked once for each number that the stochastic rule has to round
   */
  double round(double x, RoundingRule rule, Dice dice) {
    if (this == F32 && rule == RoundingRule.NEAREST) {
      return (float) x;
    }
    if (x == 0 || Double.isNaN(x)) {
      return x;
    }
    double rounded = x;
    if (!Double.isInfinite(x)) {
      // A power of two divides exactly.
      double unit = Math.scalb(1.0, Math.max(Math.getExponent(x), minExponent) - bits + 1);
      double units = x / unit;
      double whole = Math.rint(units);
      rounded = whole == units ? x : unit * rule.whole(units, dice);
    }
    if (Math.abs(rounded) <= largest) {
      return rounded;
    }
    boolean kept = saturates || (rule == RoundingRule.ZERO && !Double.isInfinite(x));
    return Math.copySign(kept ? largest : Double.POSITIVE_INFINITY, x);
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
