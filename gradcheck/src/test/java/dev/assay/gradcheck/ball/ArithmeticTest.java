package dev.assay.gradcheck.ball;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.ball.Ball.Kind;
import dev.assay.tensor.Philox;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** Sums, products and quotients against exact decimal numbers. */
class ArithmeticTest {
  private static final int SEED = 5;
  private static final int DRAWS = 2000;

  /** Doubles over 2^-1074 to 2^300; every fourth is a short number. */
  private static double draw(int draw, int stream) {
    int[] words = Philox.block(new int[] {draw, stream, 0, 0}, SEED, 0);
    double fraction = words[0] * 0x1p-31 + ((words[3] & 3) == 0 ? 0 : words[1] * 0x1p-63);
    int exponent = (words[3] & 15) == 5 ? -1040 : (words[2] & 63) - 32;
    return Math.scalb(fraction, exponent);
  }

  private static <B extends Ball> boolean check(Arithmetic<B> on, int draw) {
    // Sums and products of doubles, so that both halves of a pair are in use, and radii.
    B a = on.add(on.of(draw(draw, 0)), on.mul(on.of(draw(draw, 1)), on.of(draw(draw, 2))));
    B b = on.mul(on.of(draw(draw, 3)), on.add(on.of(draw(draw, 4)), on.of(draw(draw, 5))));
    String what = "draw " + draw + " (seed " + SEED + ")";
    Decimals.encloses(a, decimal(draw, 0).add(decimal(draw, 1).multiply(decimal(draw, 2))), what);
    // Whatever the midpoints are exactly, an operation on them must enclose the exact result.
    BigDecimal left = Decimals.mid(a);
    BigDecimal right = Decimals.mid(b);
    Decimals.encloses(on.add(a, b), left.add(right), what);
    Decimals.encloses(on.sub(a, b), left.subtract(right), what);
    Decimals.encloses(on.mul(a, b), left.multiply(right), what);
    B quotient = on.div(a, b);
    // Two doubles overflow where the divisor is tiny.
    if (quotient.kind() == Kind.FINITE) {
      Decimals.encloses(quotient, left.divide(right, Decimals.DIGITS), what);
    }
    // So must it for the ends of the operands.
    BigDecimal high = left.add(Decimals.radius(a));
    BigDecimal low = right.subtract(Decimals.radius(b));
    Decimals.encloses(on.add(a, b), high.add(low), what);
    Decimals.encloses(on.mul(a, b), high.multiply(low), what);
    return quotient.kind() == Kind.FINITE;
  }

  private static <B extends Ball> void check(Arithmetic<B> on) {
    int quotients = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      quotients += check(on, draw) ? 1 : 0;
    }
    assertTrue(quotients > DRAWS / 2, quotients + " quotients");
  }

  private static BigDecimal decimal(int draw, int stream) {
    return new BigDecimal(draw(draw, stream));
  }

  @Test
  void two_doubles_enclose_what_they_compute() {
    check(new DoubleArithmetic());
  }

  @Test
  void wide_balls_enclose_what_they_compute() {
    check(new WideArithmetic(128));
  }

  @Test
  void sums_and_products_of_short_numbers_are_exact_in_both() {
    exact(new DoubleArithmetic());
    exact(new WideArithmetic(64));
  }

  private static <B extends Ball> void exact(Arithmetic<B> on) {
    B sum = on.of(0);
    for (int term = 1; term <= 64; term++) {
      sum = on.add(sum, on.mul(on.of(term * 0.37f), on.of(term * 0.11f)));
    }
    assertTrue(sum.isExact());
    assertTrue(on.div(on.of(3), on.of(8)).isDouble());
    assertFalse(on.div(on.of(1), on.of(3)).isExact());
  }

  @Test
  void a_product_whose_low_half_is_rounded_up_to_the_least_normal_number_is_not_exact() {
    Arithmetic<DoubleBall> on = new DoubleArithmetic();
    DoubleBall a = new DoubleBall(1, 0x1.fffffffffffffp-63, 0);
    DoubleBall power = on.of(0x1p-960);
    DoubleBall product = on.mul(a, power);
    assertFalse(product.isExact());
    BigDecimal right = Decimals.mid(a).multiply(Decimals.mid(power));
    Decimals.encloses(product, right, "a product at the edge of the subnormal");
  }

  @Test
  void an_object_minus_itself_is_nothing_and_over_itself_is_one() {
    Arithmetic<DoubleBall> on = new DoubleArithmetic();
    DoubleBall third = on.div(on.of(1), on.of(3));
    assertTrue(on.sub(third, third).isZero());
    assertTrue(on.div(third, third).isOne());
    DoubleBall other = on.div(on.of(1), on.of(3));
    assertFalse(on.sub(third, other).isExact(), "equal balls may be different numbers");
  }

  @Test
  void rounding_is_refused_where_a_ball_meets_the_middle_of_two_doubles() {
    Arithmetic<DoubleBall> on = new DoubleArithmetic();
    DoubleBall middle = on.add(on.of(1), on.of(0x1p-53));
    assertEquals(1, middle.rounded().orElseThrow(), "an exact tie goes to even");
    assertTrue(on.widen(middle, -120).rounded().isEmpty());
    assertEquals(1, on.widen(on.of(1), -55).rounded().orElseThrow());
    assertTrue(on.widen(on.of(1), -54).rounded().isEmpty(), "half the gap below 1");
    assertTrue(on.widen(on.of(0), -1000).rounded().isEmpty());
    Arithmetic<WideBall> wide = new WideArithmetic(256);
    WideBall tie = wide.add(wide.of(1), wide.of(0x1p-53));
    assertEquals(1, tie.rounded().orElseThrow());
    assertTrue(wide.widen(tie, -200).rounded().isEmpty());
    assertEquals(0, wide.widen(wide.of(0), -1080).rounded().orElseThrow());
  }

  @Test
  void at_the_ends_of_the_range_rounding_is_that_of_ieee() {
    Arithmetic<WideBall> wide = new WideArithmetic(256);
    WideBall largest = wide.of(Double.MAX_VALUE);
    WideBall half = wide.of(Math.ulp(Double.MAX_VALUE) / 2);
    assertEquals(Double.POSITIVE_INFINITY, wide.add(largest, half).rounded().orElseThrow());
    assertEquals(
        Double.MAX_VALUE,
        wide.add(largest, wide.of(Math.ulp(Double.MAX_VALUE) / 4)).rounded().orElseThrow());
    WideBall least = wide.of(Double.MIN_VALUE);
    assertEquals(0, wide.scalb(least, -1).rounded().orElseThrow(), "a tie goes to even");
    assertEquals(Double.MIN_VALUE, wide.mul(wide.of(0.75), least).rounded().orElseThrow());
    assertEquals(least.upper(), Double.MIN_VALUE);
  }

  @Test
  void infinities_follow_ieee_and_what_hangs_on_the_sign_of_a_zero_is_unknown() {
    Arithmetic<DoubleBall> on = new DoubleArithmetic();
    DoubleBall infinite = on.of(Double.POSITIVE_INFINITY);
    DoubleBall aroundZero = on.widen(on.of(0), -100);
    assertEquals(Kind.NAN, on.sub(infinite, infinite).kind());
    assertEquals(Kind.NAN, on.mul(on.of(0), infinite).kind());
    assertEquals(Kind.MINUS_INFINITY, on.mul(on.of(-2), infinite).kind());
    assertEquals(Kind.UNKNOWN, on.mul(aroundZero, infinite).kind());
    assertEquals(Kind.UNKNOWN, on.div(on.of(1), aroundZero).kind());
    assertEquals(Kind.UNKNOWN, on.div(on.of(1), on.of(0)).kind());
    assertEquals(Kind.NAN, on.div(on.of(0), on.of(0)).kind());
    assertTrue(on.div(on.of(1), infinite).isZero());
    assertEquals(Kind.UNKNOWN, on.mul(on.of(1e200), on.of(1e200)).kind(), "an overflow");
    assertEquals(Kind.NAN, on.add(on.of(Double.NaN), on.unknown()).kind());
  }
}
