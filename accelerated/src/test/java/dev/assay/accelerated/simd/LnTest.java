package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LnTest {
  /** The series is cut where its next term is below 1e-13 of the sum. */
  private static final double MOST = 1e-13;

  @Test
  void it_is_the_logarithm_wherever_sums_of_exponentials_lie() {
    int tested = 0;
    for (double x = Float.MIN_NORMAL; x < Float.MAX_VALUE; x *= 1.00917) {
      double right = StrictMath.log(x);
      assertEquals(right, Ln.of(x), MOST * Math.max(1, Math.abs(right)), "at " + x);
      tested++;
    }
    assertTrue(tested > 10_000);
  }

  @Test
  void one_gives_exactly_nothing() {
    assertEquals(0, Ln.of(1));
  }

  @Test
  void infinity_and_nan_give_themselves() {
    assertEquals(Double.POSITIVE_INFINITY, Ln.of(Double.POSITIVE_INFINITY));
    assertEquals(Double.NaN, Ln.of(Double.NaN));
  }
}
