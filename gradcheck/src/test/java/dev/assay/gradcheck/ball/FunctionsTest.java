package dev.assay.gradcheck.ball;

import static dev.assay.gradcheck.ball.Decimals.DIGITS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.obermuhlner.math.big.BigDecimalMath;
import dev.assay.gradcheck.ball.Ball.Kind;
import dev.assay.tensor.Philox;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Elementary functions of both kinds of balls against big-math, which shares no code with them. */
class FunctionsTest {
  private static final int SEED = 11;
  private static final int DRAWS = 400;
  private static final Arithmetic<DoubleBall> NARROW = new DoubleArithmetic();
  private static final Arithmetic<WideBall> WIDE = new WideArithmetic(256);
  private static final Functions<DoubleBall> TWO = new Functions<>(NARROW);
  private static final Functions<WideBall> MANY = new Functions<>(WIDE);

  /** Random arguments up to a size, over many powers of two, and those that are hard. */
  private static List<Double> arguments(double largest, double... hard) {
    List<Double> all = new ArrayList<>();
    for (int draw = 0; draw < DRAWS; draw++) {
      int[] words = Philox.block(new int[] {draw, 0, 0, 0}, SEED, 0);
      double fraction = words[0] * 0x1p-31 + words[1] * 0x1p-63;
      all.add(largest * Math.scalb(fraction, -(words[2] & 31)));
    }
    for (double one : hard) {
      all.add(one);
    }
    return all;
  }

  private static void check(
      List<Double> arguments,
      UnaryOperator<DoubleBall> narrow,
      UnaryOperator<WideBall> wide,
      UnaryOperator<BigDecimal> truth) {
    for (double x : arguments) {
      String what = Double.toHexString(x) + " (seed " + SEED + ")";
      BigDecimal right = truth.apply(new BigDecimal(x));
      DoubleBall two = narrow.apply(NARROW.of(x));
      Decimals.encloses(two, right, what);
      Decimals.isTight(two, 85, what);
      WideBall many = wide.apply(WIDE.of(x));
      Decimals.encloses(many, right, what);
      Decimals.isTight(many, 220, what);
      assertEquals(right.doubleValue(), many.rounded().orElseThrow(), what);
    }
  }

  @Test
  void exp_encloses_the_exponential_and_rounds_to_it() {
    check(
        arguments(600, 1, -1, 0x1p-60, -0x1p-54, 0x1.62e42fefa39efp-1, 0.5, 345.6, -599.5),
        TWO::exp,
        MANY::exp,
        x -> BigDecimalMath.exp(x, DIGITS));
  }

  @Test
  void log_encloses_the_logarithm_and_rounds_to_it() {
    List<Double> positive = arguments(1e6, 2, 0.5, 3, 1e-300, 1e300, Double.MIN_NORMAL, 1.5);
    check(
        positive.stream().map(Math::abs).toList(),
        TWO::log,
        MANY::log,
        x -> BigDecimalMath.log(x, DIGITS));
  }

  @Test
  void log_of_what_is_1_but_for_next_to_nothing_ends() {
    for (int exponent : new int[] {-900, -920, -1000}) {
      DoubleBall beside = NARROW.add(NARROW.of(1), NARROW.of(Math.scalb(1.0, exponent)));
      assertTimeoutPreemptively(Duration.ofSeconds(20), () -> TWO.log(beside));
      // ln(1 + t) lies between t - t^2 and t.
      BigDecimal t = new BigDecimal(Math.scalb(1.0, exponent));
      Decimals.encloses(TWO.log(beside), t.subtract(t.multiply(t)), "log 1 + 2^" + exponent);
    }
  }

  @Test
  void log_beside_1_loses_bits_but_no_truth() {
    for (double x : new double[] {Math.nextUp(1), Math.nextDown(1), 1 + 0x1p-30, 1 - 0x1p-40}) {
      BigDecimal right = BigDecimalMath.log(new BigDecimal(x), DIGITS);
      Decimals.encloses(TWO.log(NARROW.of(x)), right, "log " + x);
      WideBall many = MANY.log(WIDE.of(x));
      Decimals.encloses(many, right, "log " + x);
      assertEquals(right.doubleValue(), many.rounded().orElseThrow());
    }
  }

  @Test
  void tanh_encloses_the_hyperbolic_tangent_and_rounds_to_it() {
    check(
        arguments(30, 1, -1, 0x1p-70, 0.25, -0.24999, 18.9, 19.1),
        TWO::tanh,
        MANY::tanh,
        x -> {
          // big-math's tanh cancels near 0.
          BigDecimal e = BigDecimalMath.exp(x.add(x), new MathContext(240));
          return e.subtract(BigDecimal.ONE).divide(e.add(BigDecimal.ONE), DIGITS);
        });
  }

  @Test
  void sigmoid_encloses_the_logistic_function_and_rounds_to_it() {
    check(
        arguments(300, 1, -1, 0x1p-70, 36.5, -36.5, 500, -500),
        TWO::sigmoid,
        MANY::sigmoid,
        x ->
            BigDecimal.ONE.divide(
                BigDecimal.ONE.add(BigDecimalMath.exp(x.negate(), new MathContext(480))), DIGITS));
  }

  @Test
  void sqrt_encloses_the_root_and_rounds_to_it() {
    List<Double> positive = arguments(1e10, 2, 3, 1e-200, 1e200, Math.nextDown(1), Math.nextUp(1));
    check(positive.stream().map(Math::abs).toList(), NARROW::sqrt, WIDE::sqrt, x -> x.sqrt(DIGITS));
  }

  @Test
  void what_is_exact_is_known_to_be() {
    assertTrue(TWO.exp(NARROW.of(0)).isOne());
    assertTrue(TWO.log(NARROW.of(1)).isZero());
    assertTrue(TWO.tanh(NARROW.of(0)).isZero());
    for (double square : new double[] {4, 6.25, 0x1p-40, 144}) {
      assertTrue(NARROW.sqrt(NARROW.of(square)).isDouble(), "root of " + square);
      assertTrue(WIDE.sqrt(WIDE.of(square)).isDouble(), "root of " + square);
    }
    assertEquals(0.5, TWO.sigmoid(NARROW.of(0)).rounded().orElseThrow());
    assertTrue(TWO.sigmoid(NARROW.of(0)).isDouble());
  }

  @Test
  void a_wide_argument_makes_a_ball_that_holds_both_ends() {
    DoubleBall about = NARROW.widen(NARROW.of(0.75), -10);
    for (double end : new double[] {0.75 - 0x1p-10, 0.75, 0.75 + 0x1p-10}) {
      BigDecimal at = new BigDecimal(end);
      Decimals.encloses(TWO.exp(about), BigDecimalMath.exp(at, DIGITS), "exp");
      Decimals.encloses(TWO.log(about), BigDecimalMath.log(at, DIGITS), "log");
      Decimals.encloses(TWO.tanh(about), BigDecimalMath.tanh(at, DIGITS), "tanh");
      Decimals.encloses(NARROW.sqrt(about), at.sqrt(DIGITS), "sqrt");
    }
  }

  @Test
  void infinities_and_nan_follow_ieee_and_what_overflows_is_unknown() {
    assertTrue(TWO.exp(NARROW.of(Double.NEGATIVE_INFINITY)).isZero());
    assertEquals(Kind.PLUS_INFINITY, TWO.exp(NARROW.of(Double.POSITIVE_INFINITY)).kind());
    assertEquals(Kind.MINUS_INFINITY, TWO.log(NARROW.of(0)).kind());
    assertEquals(Kind.NAN, TWO.log(NARROW.of(-1)).kind());
    assertEquals(Kind.NAN, NARROW.sqrt(NARROW.of(-1)).kind());
    assertEquals(Kind.UNKNOWN, TWO.exp(NARROW.of(1e4)).kind());
    assertEquals(0, MANY.exp(WIDE.of(-1e4)).rounded().orElseThrow());
    assertEquals(Double.POSITIVE_INFINITY, MANY.exp(WIDE.of(1e4)).rounded().orElseThrow());
    assertEquals(0, MANY.exp(WIDE.of(-1e300)).rounded().orElseThrow());
  }
}
