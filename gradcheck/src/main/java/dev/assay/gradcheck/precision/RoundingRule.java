package dev.assay.gradcheck.precision;

import java.util.Locale;

/** Which of the two neighbours stands for a number between them. */
public enum RoundingRule {
  /** The nearer one; of two as near the even one. */
  NEAREST,
  /** The one nearer to zero: bits are cut off. */
  ZERO,
  /**
   * One of both at random, the nearer the likelier, so that the mean is right: Croci et al.,
   * "Stochastic rounding: implementation, error analysis and applications" (2022).
   */
  STOCHASTIC;

  /** The integer that stands for a number, of either sign, that is none. */
  double whole(double x, Dice dice) {
    return switch (this) {
      case NEAREST -> Math.rint(x);
      case ZERO -> x < 0 ? Math.ceil(x) : Math.floor(x);
      case STOCHASTIC -> Math.floor(x + dice.next());
    };
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
