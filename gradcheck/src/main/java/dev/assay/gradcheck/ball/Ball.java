package dev.assay.gradcheck.ball;

import java.util.OptionalDouble;

/**
 * What is known of a real number: it lies within a radius of a midpoint, both included; or it is a
 * NaN or an infinity; or nothing is known of it.
 */
public sealed interface Ball permits DoubleBall, WideBall {
  /** The kinds of values. */
  enum Kind {
    /** A real number within the radius. */
    FINITE,
    NAN,
    PLUS_INFINITY,
    MINUS_INFINITY,
    /** Any real number, an infinity or NaN. */
    UNKNOWN
  }

  /** Which kind of value it is; the other methods speak of finite ones unless they say more. */
  Kind kind();

  /** Whether the radius is 0: then the midpoint is the number. */
  boolean isExact();

  /** Whether it is exactly 0. */
  boolean isZero();

  /** Whether it is exactly 1. */
  boolean isOne();

  /** Whether all its numbers are above 0. */
  boolean isPositive();

  /** Whether all its numbers are below 0. */
  boolean isNegative();

  /** A double near the midpoint, with no promise. */
  double approximate();

  /** A double that the radius does not exceed; +inf where nothing is known. */
  double radius();

  /** A double that none of its numbers lies below. */
  double lower();

  /** A double that none of its numbers lies above. */
  double upper();

  /**
   * The one double that all its numbers round to, to nearest, ties to even; for a NaN or an
   * infinity that itself; empty if its numbers round to several, or nothing is known.
   */
  OptionalDouble rounded();

  /** Whether it is exactly a double. */
  default boolean isDouble() {
    return kind() == Kind.FINITE && isExact() && lower() == upper();
  }
}
