package dev.assay.gradcheck.ball;

import dev.assay.gradcheck.ball.Ball.Kind;

/**
 * Elementary functions of balls. They are written with the operations of an {@link Arithmetic}, so
 * that all rounding is enclosed already; what is proven here is what a series leaves out.
 *
 * @param <B> the kind of ball
 */
public final class Functions<B extends Ball> {
  private final Arithmetic<B> on;
  private final B one;
  private final B two;
  private final B ln2;

  /** Arguments of the exponential series are halved so often that they lie below 2^-halvings. */
  private final int halvings;

  /** {@code 1/n!}, from n = 0 up to one beyond the last that the series takes. */
  private final Factorials<B> inverse;

  /** Functions on an arithmetic. */
  public Functions(Arithmetic<B> on) {
    this.on = on;
    this.one = on.of(1);
    this.two = on.of(2);
    this.halvings = 2 + on.bits() / 16;
    this.inverse = new Factorials<>(on, halvings);
    this.ln2 =
        on.sub(
            on.add(on.mul(on.of(18), inverseAtanh(26)), on.mul(on.of(8), inverseAtanh(8749))),
            on.mul(two, inverseAtanh(4801)));
  }

  /**
   * {@code atanh(1/n) = sum over k of 1 / ((2k + 1) n^(2k + 1))}; what follows a term is less than
   * that term, since n is above 2. With 26, 4801 and 8749 they make {@code ln 2 = 18 atanh(1/26) -
   * 2 atanh(1/4801) + 8 atanh(1/8749)}.
   */
  private B inverseAtanh(int n) {
    B power = on.div(one, on.of(n));
    B squared = on.mul(power, power);
    B sum = power;
    B term = power;
    for (int k = 1; on.exponent(term) > -on.bits() - 8; k++) {
      power = on.mul(power, squared);
      term = on.div(power, on.of(2.0 * k + 1));
      sum = on.add(sum, term);
    }
    return on.widen(sum, term);
  }

  /** {@code e^a}; 0 for -inf. */
  public B exp(B a) {
    return switch (a.kind()) {
      case NAN, UNKNOWN, PLUS_INFINITY -> a;
      case MINUS_INFINITY -> on.of(0);
      case FINITE -> a.isZero() ? one : finiteExp(a);
    };
  }

  private B finiteExp(B a) {
    double k = Math.rint(a.approximate() / StrictMath.log(2));
    if (k < -on.exponentLimit()) {
      // Between 0 and 2^-limit if the ball is not wide, which only the upper end tells.
      return a.upper() < (1.0 - on.exponentLimit()) * 0.69
          ? on.widen(on.of(0), -(int) (0.99 * on.exponentLimit()))
          : on.unknown();
    }
    if (k > on.exponentLimit()) {
      return on.unknown();
    }
    B reduced = on.sub(a, on.mul(on.of(k), ln2));
    B rest = reduced.kind() == Kind.FINITE ? expm1Near0(reduced) : reduced;
    return rest.kind() == Kind.FINITE ? on.scalb(on.add(one, rest), (int) k) : on.unknown();
  }

  /** {@code e^a - 1}, good relative to itself where a is near 0. */
  private B expm1(B a) {
    boolean near = a.kind() == Kind.FINITE && on.exponent(a) <= -1;
    return near ? expm1Near0(a) : on.sub(exp(a), one);
  }

  /**
   * For {@code |a| < 1/2}: with h halvings x = a / 2^h, the series {@code p = x + x^2/2! + ... +
   * x^N/N!} leaves out less than {@code 2 |x|^(N+1) / (N+1)!}; then {@code e^(2x) - 1 = p (2 + p)},
   * h times.
   */
  private B expm1Near0(B a) {
    if (a.isZero()) {
      return a;
    }
    if (on.exponent(a) > -1) {
      // A wide ball: nothing useful would come of it.
      return on.unknown();
    }
    B x = on.scalb(a, -halvings);
    int last = inverse.last();
    B p = inverse.of(last);
    for (int n = last - 1; n >= 1; n--) {
      p = on.add(on.mul(p, x), inverse.of(n));
    }
    p = on.mul(p, x);
    B left = inverse.of(last + 1);
    for (int n = 0; n <= last; n++) {
      left = on.mul(left, x);
    }
    p = on.widen(p, on.mul(two, left));
    for (int h = 0; h < halvings; h++) {
      p = on.mul(p, on.add(two, p));
    }
    return p;
  }

  /** Natural logarithm; -inf of 0, NaN below. */
  public B log(B a) {
    return switch (a.kind()) {
      case NAN, UNKNOWN, PLUS_INFINITY -> a;
      case MINUS_INFINITY -> on.of(Double.NaN);
      case FINITE -> {
        if (a.isZero()) {
          yield on.of(Double.NEGATIVE_INFINITY);
        }
        if (a.isNegative()) {
          yield on.of(Double.NaN);
        }
        yield a.isPositive() ? positiveLog(a) : on.unknown();
      }
    };
  }

  /** {@code ln a = k ln 2 + y + ln(2^-k a e^-y)} for every y; with y near, the last is small. */
  private B positiveLog(B a) {
    int e = on.exponent(a);
    int k = Math.abs(e) > 64 ? e : 0;
    B scaled = on.scalb(a, -k);
    double y = StrictMath.log(scaled.approximate());
    if (!Double.isFinite(y)) {
      return on.unknown();
    }
    B rest = on.sub(on.mul(scaled, exp(on.of(-y))), one);
    B log = on.add(on.of(y), log1p(rest));
    return k == 0 ? log : on.add(on.mul(on.of(k), ln2), log);
  }

  /**
   * {@code ln(1 + t) = 2 atanh z} with z = t / (2 + t), {@code atanh z = z + z^3/3 + ...}; for
   * {@code |z| < 1/2} what follows a term is less than half of it.
   */
  private B log1p(B t) {
    if (t.isZero()) {
      return t;
    }
    B z = on.div(t, on.add(two, t));
    if (z.kind() != Kind.FINITE || on.exponent(z) > -1) {
      return on.unknown();
    }
    B squared = on.mul(z, z);
    B power = z;
    B sum = z;
    B term = z;
    // A term may be too small for its exponent to be told; what is left is widened by it anyway.
    int last = Math.max(on.exponent(z) - on.bits() - 4, -on.exponentLimit() - 100);
    for (int n = 3; on.exponent(term) > last; n += 2) {
      power = on.mul(power, squared);
      term = on.div(power, on.of(n));
      sum = on.add(sum, term);
    }
    return on.scalb(on.widen(sum, term), 1);
  }

  /** {@code tanh a = -m / (2 + m)} with {@code m = e^(-2a) - 1}, by oddness for a above 0. */
  public B tanh(B a) {
    return switch (a.kind()) {
      case NAN, UNKNOWN -> a;
      case PLUS_INFINITY -> one;
      case MINUS_INFINITY -> on.negate(one);
      case FINITE -> {
        if (a.isZero()) {
          yield a;
        }
        yield a.approximate() < 0 ? on.negate(positiveTanh(on.negate(a))) : positiveTanh(a);
      }
    };
  }

  private B positiveTanh(B a) {
    B m = expm1(on.scalb(on.negate(a), 1));
    return on.div(on.negate(m), on.add(two, m));
  }

  /** {@code 1 / (1 + e^-a)}, with an exponential that does not overflow. */
  public B sigmoid(B a) {
    return switch (a.kind()) {
      case NAN, UNKNOWN -> a;
      case PLUS_INFINITY -> one;
      case MINUS_INFINITY -> on.of(0);
      case FINITE -> {
        boolean below = a.approximate() < 0;
        B e = exp(below ? a : on.negate(a));
        yield on.div(below ? e : one, on.add(one, e));
      }
    };
  }
}
