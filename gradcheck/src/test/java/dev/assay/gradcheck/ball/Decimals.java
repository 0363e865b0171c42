package dev.assay.gradcheck.ball;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.OptionalDouble;

/** Balls as decimal numbers, and what must hold between a ball and the truth. */
final class Decimals {
  /** Digits of the truth: more than any arithmetic under test has. */
  static final MathContext DIGITS = new MathContext(140, RoundingMode.HALF_EVEN);

  private Decimals() {}

  /** Exactly {@code m 2^e}. */
  private static BigDecimal binary(BigInteger m, int e) {
    BigDecimal power = new BigDecimal(BigInteger.TWO.pow(Math.abs(e)));
    return e >= 0 ? new BigDecimal(m).multiply(power) : new BigDecimal(m).divide(power);
  }

  static BigDecimal mid(Ball ball) {
    return switch (ball) {
      case DoubleBall two -> new BigDecimal(two.hi()).add(new BigDecimal(two.lo()));
      case WideBall wide -> binary(wide.mid(), wide.exp());
    };
  }

  static BigDecimal radius(Ball ball) {
    return switch (ball) {
      case DoubleBall two -> new BigDecimal(two.radius());
      case WideBall wide -> binary(wide.rad(), wide.exp());
    };
  }

  /**
   * The truth, known to {@link #DIGITS}, lies in the ball, and the ball rounds to it or to nothing.
   */
  static void encloses(Ball ball, BigDecimal truth, String what) {
    BigDecimal apart = mid(ball).subtract(truth).abs();
    BigDecimal unsure = truth.abs().movePointLeft(DIGITS.getPrecision() - 3);
    assertTrue(
        apart.compareTo(radius(ball).add(unsure)) <= 0,
        () -> what + ": " + apart.doubleValue() + " apart, radius " + ball.radius());
    if (Double.isFinite(ball.lower()) && Double.isFinite(ball.upper())) {
      BigDecimal least = truth.subtract(unsure);
      assertTrue(new BigDecimal(ball.lower()).compareTo(truth.add(unsure)) <= 0, what + ": lower");
      assertTrue(new BigDecimal(ball.upper()).compareTo(least) >= 0, what + ": upper");
    }
    OptionalDouble rounded = ball.rounded();
    if (rounded.isPresent()) {
      assertEquals(truth.doubleValue() + 0.0, rounded.getAsDouble() + 0.0, what + ": rounded");
    }
  }

  /** The radius is at most that many bits below the midpoint. */
  static void isTight(Ball ball, int bits, String what) {
    BigDecimal most = mid(ball).abs().multiply(binary(BigInteger.ONE, -bits));
    assertTrue(radius(ball).compareTo(most) <= 0, () -> what + ": radius " + ball.radius());
  }
}
