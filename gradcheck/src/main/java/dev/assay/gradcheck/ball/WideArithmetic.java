package dev.assay.gradcheck.ball;

import dev.assay.gradcheck.ball.Ball.Kind;
import java.math.BigInteger;

/**
 * Balls of whole numbers with a common exponent: sums and products are exact, and then the last
 * bits are dropped, which widens the ball. While a number is known exactly none are dropped up to
 * 2048 of them, so that sums of products of doubles stay exact.
 */
public final class WideArithmetic extends Arithmetic<WideBall> {
  /** Bits that a radius keeps. */
  private static final int RADIUS_BITS = 32;

  /** Exponents beyond it are given up: no graph of interest comes near. */
  private static final int MAX_EXPONENT = 1 << 28;

  private final int bits;

  /** Bits up to which an exact midpoint is kept: some products of doubles, summed. */
  private final int exactBits;

  /**
   * Arithmetic of a precision.
   *
   * @param bits of midpoints that are not exact
   */
  public WideArithmetic(int bits) {
    this.bits = bits;
    this.exactBits = Math.max(2048, bits);
  }

  @Override
  public WideBall of(double value) {
    if (Double.isNaN(value)) {
      return WideBall.special(Kind.NAN);
    }
    if (Double.isInfinite(value)) {
      return WideBall.special(value > 0 ? Kind.PLUS_INFINITY : Kind.MINUS_INFINITY);
    }
    if (value == 0) {
      return exact(BigInteger.ZERO, 0);
    }
    int unit = Math.max(Math.getExponent(value), Double.MIN_EXPONENT) - 52;
    BigInteger significand = BigInteger.valueOf((long) Math.scalb(value, -unit));
    int twos = significand.getLowestSetBit();
    return exact(significand.shiftRight(twos), unit + twos);
  }

  private static WideBall exact(BigInteger mid, int exp) {
    return WideBall.finite(mid, BigInteger.ZERO, exp);
  }

  @Override
  public WideBall unknown() {
    return WideBall.special(Kind.UNKNOWN);
  }

  @Override
  public int bits() {
    return bits;
  }

  @Override
  public int exponentLimit() {
    return 1 << 20;
  }

  /** Drops bits that mean nothing or are too many; each dropped end may hide up to one unit. */
  private WideBall normal(BigInteger mid, BigInteger rad, int exp) {
    boolean exact = rad.signum() == 0;
    int surplus = mid.bitLength() - bits;
    if (exact && mid.bitLength() <= exactBits) {
      surplus = 0;
    } else if (!exact) {
      surplus = Math.max(surplus, rad.bitLength() - RADIUS_BITS);
    }
    if (Math.abs((long) exp) > MAX_EXPONENT) {
      return unknown();
    }
    if (surplus <= 0) {
      return WideBall.finite(mid, rad, exp);
    }
    // Both shifts round down: the midpoint by less than a unit, the radius too.
    BigInteger wider = rad.shiftRight(surplus).add(BigInteger.TWO);
    return WideBall.finite(mid.shiftRight(surplus), wider, exp + surplus);
  }

  @Override
  public WideBall negate(WideBall a) {
    return switch (a.kind()) {
      case FINITE -> WideBall.finite(a.mid().negate(), a.rad(), a.exp());
      case PLUS_INFINITY -> WideBall.special(Kind.MINUS_INFINITY);
      case MINUS_INFINITY -> WideBall.special(Kind.PLUS_INFINITY);
      case NAN, UNKNOWN -> a;
    };
  }

  @Override
  public WideBall scalb(WideBall a, int n) {
    return WideBall.finite(a.mid(), a.rad(), a.exp() + n);
  }

  @Override
  public WideBall center(WideBall a) {
    return exact(a.mid(), a.exp());
  }

  @Override
  public WideBall widen(WideBall a, WideBall by) {
    return sum(a, WideBall.finite(BigInteger.ZERO, by.most(), by.exp()));
  }

  @Override
  public int exponent(WideBall a) {
    return a.most().bitLength() + a.exp();
  }

  @Override
  protected WideBall sum(WideBall a, WideBall b) {
    if (a.isZero() || b.isZero()) {
      return a.isZero() ? b : a;
    }
    if (a.exp() < b.exp()) {
      return sum(b, a);
    }
    int gap = a.exp() - b.exp();
    if (gap > exactBits && a.exp() - exponent(b) > bits) {
      // All of b lies below one unit of a shifted left: it becomes radius.
      BigInteger rad = a.rad().shiftLeft(bits).add(BigInteger.ONE);
      return normal(a.mid().shiftLeft(bits), rad, a.exp() - bits);
    }
    if (gap > 2 * exactBits) {
      // b reaches far below what can be kept.
      return sum(a, coarser(b, gap - 2 * exactBits));
    }
    return normal(
        a.mid().shiftLeft(gap).add(b.mid()), a.rad().shiftLeft(gap).add(b.rad()), b.exp());
  }

  private static WideBall coarser(WideBall a, int bits) {
    return WideBall.finite(
        a.mid().shiftRight(bits), a.rad().shiftRight(bits).add(BigInteger.TWO), a.exp() + bits);
  }

  @Override
  protected WideBall product(WideBall a, WideBall b) {
    if (a.isZero() || b.isZero()) {
      return exact(BigInteger.ZERO, 0);
    }
    BigInteger rad = a.most().multiply(b.rad()).add(a.rad().multiply(b.mid().abs()));
    return normal(a.mid().multiply(b.mid()), rad, a.exp() + b.exp());
  }

  @Override
  protected WideBall nearQuotient(WideBall a, WideBall b) {
    int shift = bits + 2 + b.mid().bitLength() - a.mid().bitLength();
    // A negative shift goes to the right.
    BigInteger quotient = a.mid().shiftLeft(shift).divide(b.mid());
    return trimmed(quotient, a.exp() - b.exp() - shift);
  }

  /** Without factors of two, so that a quotient that is a short number is written shortly. */
  private static WideBall trimmed(BigInteger mid, int exp) {
    int twos = Math.max(0, mid.getLowestSetBit());
    return exact(mid.shiftRight(twos), exp + twos);
  }

  @Override
  protected WideBall nearRoot(WideBall a) {
    int shift = 2 * bits - a.mid().bitLength();
    int even = shift + ((a.exp() - shift) & 1);
    return trimmed(a.mid().shiftLeft(even).sqrt(), (a.exp() - even) / 2);
  }

  @Override
  protected WideBall widenByQuotient(WideBall a, WideBall d, WideBall b) {
    if (d.isZero()) {
      return a;
    }
    // Rounded up at 32 bits; b does not meet 0, so its least magnitude is above 0.
    BigInteger most = d.most();
    BigInteger least = b.least();
    int shift = Math.max(0, RADIUS_BITS + least.bitLength() - most.bitLength());
    BigInteger quotient = most.shiftLeft(shift).divide(least).add(BigInteger.ONE);
    return widen(a, WideBall.finite(quotient, BigInteger.ZERO, d.exp() - b.exp() - shift));
  }
}
