package dev.assay.gradcheck.ball;

import dev.assay.gradcheck.ball.Ball.Kind;

/**
 * Arithmetic of one kind of ball. Every result encloses what the operation gives for every choice
 * of numbers from its operands. NaN and infinities follow IEEE 754, but for the sign of a zero,
 * which a real number does not have: what would depend on it is unknown.
 *
 * <p>One object always stands for one number, so that an object minus itself is exactly 0 and over
 * itself exactly 1, whatever its radius. For that to happen often, adding an exact 0 and
 * multiplying by an exact 1 gives back the other object.
 *
 * @param <B> the kind of ball
 */
public abstract class Arithmetic<B extends Ball> {
  /** The number that a double is; NaN and infinities too. */
  public abstract B of(double value);

  /** The ball of which nothing is known. */
  public abstract B unknown();

  /** Bits of the midpoint, about. */
  public abstract int bits();

  /** Powers of two up to this exponent, of either sign, are far from overflow and underflow. */
  public abstract int exponentLimit();

  /** {@code -a}. */
  public abstract B negate(B a);

  /** {@code 2^n a} for a finite ball. */
  public abstract B scalb(B a, int n);

  /** The midpoint of a finite ball, as a ball of radius 0. */
  public abstract B center(B a);

  /** A finite ball with its radius enlarged by the largest magnitude of another. */
  public abstract B widen(B a, B by);

  /** The least e, or one more, such that the magnitudes of a finite ball are below 2^e. */
  public abstract int exponent(B a);

  /** Encloses {@code a + b} for finite balls. */
  protected abstract B sum(B a, B b);

  /** Encloses {@code a b} for finite balls. */
  protected abstract B product(B a, B b);

  /** A ball of radius 0 near {@code a / b}, for finite balls without 0 in b. */
  protected abstract B nearQuotient(B a, B b);

  /** A ball of radius 0, above 0, near the root of a finite ball above 0. */
  protected abstract B nearRoot(B a);

  /** {@code a} enlarged by the largest of {@code |d|} over the smallest of {@code |b|}. */
  protected abstract B widenByQuotient(B a, B d, B b);

  /** {@code a + b}. */
  public final B add(B a, B b) {
    if (a.kind() == Kind.FINITE && b.kind() == Kind.FINITE) {
      return a.isZero() ? b : b.isZero() ? a : sum(a, b);
    }
    if (a.kind() == Kind.NAN || b.kind() == Kind.NAN) {
      return of(Double.NaN);
    }
    if (a.kind() == Kind.UNKNOWN || b.kind() == Kind.UNKNOWN) {
      return unknown();
    }
    // One of them is infinite, and doubles know the rule.
    return of(infinite(a) + infinite(b));
  }

  private static double infinite(Ball a) {
    return switch (a.kind()) {
      case PLUS_INFINITY -> Double.POSITIVE_INFINITY;
      case MINUS_INFINITY -> Double.NEGATIVE_INFINITY;
      default -> 0;
    };
  }

  /** {@code a - b}. */
  public final B sub(B a, B b) {
    return isSame(a, b) ? of(0) : add(a, negate(b));
  }

  // Equal balls may stand for different numbers; one object does not.
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(Ball a, Ball b) {
    return a == b && a.kind() == Kind.FINITE;
  }

  /** {@code a b}. */
  public final B mul(B a, B b) {
    if (a.kind() == Kind.FINITE && b.kind() == Kind.FINITE) {
      return a.isOne() ? b : b.isOne() ? a : product(a, b);
    }
    if (a.kind() == Kind.NAN || b.kind() == Kind.NAN) {
      return of(Double.NaN);
    }
    double sign = sign(a) * sign(b);
    if (a.kind() == Kind.UNKNOWN || b.kind() == Kind.UNKNOWN || Double.isNaN(sign)) {
      return unknown();
    }
    return of(sign * Double.POSITIVE_INFINITY);
  }

  /** 1, -1, or 0 of an exact zero; NaN where it is not known. */
  private static double sign(Ball a) {
    return switch (a.kind()) {
      case PLUS_INFINITY -> 1;
      case MINUS_INFINITY -> -1;
      case NAN, UNKNOWN -> Double.NaN;
      case FINITE -> a.isPositive() ? 1 : a.isNegative() ? -1 : a.isZero() ? 0 : Double.NaN;
    };
  }

  /**
   * {@code a / b}. The quotient of the midpoints need not be good: with any q, {@code |a/b - q| =
   * |a - q b| / |b|}, and the residual is enclosed.
   */
  public final B div(B a, B b) {
    if (a.kind() == Kind.NAN || b.kind() == Kind.NAN) {
      return of(Double.NaN);
    }
    if (a.kind() == Kind.UNKNOWN || b.kind() == Kind.UNKNOWN) {
      return unknown();
    }
    boolean infinite = a.kind() != Kind.FINITE;
    if (b.kind() != Kind.FINITE) {
      return of(infinite ? Double.NaN : 0);
    }
    if (a.isZero() && b.isZero()) {
      return of(Double.NaN);
    }
    if (!b.isPositive() && !b.isNegative()) {
      return unknown();
    }
    if (infinite) {
      return of(sign(a) * sign(b) * Double.POSITIVE_INFINITY);
    }
    if (isSame(a, b)) {
      return of(1);
    }
    B q = nearQuotient(a, b);
    if (q.kind() != Kind.FINITE) {
      return unknown();
    }
    B residual = sub(a, mul(q, b));
    return residual.kind() == Kind.FINITE ? widenByQuotient(q, residual, b) : unknown();
  }

  /**
   * The root. With any y above 0, {@code |sqrt(a) - y| = |a - y^2| / (sqrt(a) + y)}, which is at
   * most {@code |a - y^2| / y}.
   */
  public final B sqrt(B a) {
    return switch (a.kind()) {
      case NAN, MINUS_INFINITY -> of(Double.NaN);
      case PLUS_INFINITY -> a;
      case UNKNOWN -> unknown();
      case FINITE -> finiteRoot(a);
    };
  }

  private B finiteRoot(B a) {
    if (a.isZero()) {
      return a;
    }
    if (a.isNegative()) {
      return of(Double.NaN);
    }
    if (!a.isPositive()) {
      return unknown();
    }
    B y = nearRoot(a);
    B residual = sub(a, mul(y, y));
    return residual.kind() == Kind.FINITE ? widenByQuotient(y, residual, y) : unknown();
  }

  /** A finite ball with its radius enlarged by 2^n. */
  public final B widen(B a, int n) {
    return widen(a, scalb(of(1), n));
  }
}
