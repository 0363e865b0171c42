package dev.assay.tensor;

import dev.assay.check.Require;

/**
 * How far two numbers may lie apart, and why. Written as {@code |a - b| <= absolute + relative
 * |b|}; NaN agrees with NaN only, an infinity only with itself.
 *
 * @param absolute absolute part, at least 0
 * @param relative relative part, at least 0
 * @param reason why this much and not less
 */
public record Tolerance(double absolute, double relative, String reason) {
  /** Checks the parts. */
  public Tolerance {
    Require.argument(
        absolute >= 0 && relative >= 0,
        "tolerance %s + %s: both must be at least 0",
        absolute,
        relative);
    Require.argument(!reason.isBlank(), "a tolerance must carry its reason");
  }

  /** Equality of value: no error at all. */
  public static Tolerance exact(String reason) {
    return new Tolerance(0, 0, reason);
  }

  /** Whether the value agrees with the expected one. */
  public boolean accepts(double value, double expected) {
    if (Double.isNaN(expected) || Double.isNaN(value)) {
      return Double.isNaN(expected) && Double.isNaN(value);
    }
    return value == expected
        || Math.abs(value - expected) <= absolute + relative * Math.abs(expected);
  }
}
