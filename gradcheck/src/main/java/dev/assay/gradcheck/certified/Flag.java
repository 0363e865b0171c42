package dev.assay.gradcheck.certified;

import dev.assay.gradcheck.ball.Ball;
import dev.assay.gradcheck.ball.Ball.Kind;

/**
 * A value that is not proven.
 *
 * @param radius how far the true value may lie from the midpoint of the widest replay; +inf if
 *     nothing is known
 * @param reason why it is not proven
 */
public record Flag(double radius, Reason reason) {
  /** Why a value is not proven. */
  public enum Reason {
    /** It depends on a comparison of numbers that no precision told apart. */
    UNDECIDED,
    /** The ball meets 0, so not even its sign is known: most often it is 0. */
    AROUND_ZERO,
    /** The ball meets the middle of two doubles. */
    BETWEEN_TWO_DOUBLES,
    /** A division by what may be 0, or an overflow: no ball was left. */
    UNBOUNDED
  }

  /** What keeps a ball from being proven. */
  static Flag of(Ball ball, boolean undecided) {
    if (undecided) {
      return new Flag(ball.radius(), Reason.UNDECIDED);
    }
    if (ball.kind() == Kind.UNKNOWN) {
      return new Flag(ball.radius(), Reason.UNBOUNDED);
    }
    boolean sign = ball.isPositive() || ball.isNegative();
    return new Flag(ball.radius(), sign ? Reason.BETWEEN_TWO_DOUBLES : Reason.AROUND_ZERO);
  }
}
