package dev.assay.accelerated.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Paging;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The arithmetic of a pair, as kernels do it, on the JVM. */
class DeviceArithmeticTest {
  private static final float NONE = Float.NEGATIVE_INFINITY;

  private static float exp(float x) {
    return (float) StrictMath.exp(x);
  }

  @Test
  void the_softcap_is_a_tanh_to_a_few_units_in_the_last_place() {
    double worst = 0;
    double worstSlope = 0;
    for (float y = -20; y < 20; y += 0.0013f) {
      float e = exp(CapCurve.exponent(y));
      double right = StrictMath.tanh(y);
      double slope = 1 / (StrictMath.cosh(y) * StrictMath.cosh(y));
      worst = Math.max(worst, Math.abs(CapCurve.tanh(y, e) - right) / Math.abs(right));
      worstSlope = Math.max(worstSlope, Math.abs(CapCurve.slope(e) - slope) / slope);
    }
    // Two roundings in the numerator and the quotient, and the exponential's own, amplified by 2.
    assertTrue(worst < 4 * 0x1p-23, "tanh errs by " + worst);
    assertTrue(worstSlope < 4 * 0x1p-23, "its slope errs by " + worstSlope);
  }

  @Test
  void the_softcap_of_nan_is_nan_and_of_infinity_is_one() {
    assertTrue(Float.isNaN(CapCurve.tanh(Float.NaN, exp(CapCurve.exponent(Float.NaN)))));
    float infinite = Float.POSITIVE_INFINITY;
    assertEquals(1, CapCurve.tanh(infinite, exp(CapCurve.exponent(infinite))));
    assertEquals(-1, CapCurve.tanh(-infinite, exp(CapCurve.exponent(-infinite))));
  }

  @Test
  void the_running_maximum_leaves_nan_to_the_sum() {
    assertEquals(3, SoftmaxStep.larger(3, Float.NaN));
    assertEquals(3, SoftmaxStep.larger(2, 3));
    assertEquals(2, SoftmaxStep.larger(2, NONE));
  }

  @Test
  void a_row_that_met_no_key_subtracts_nothing() {
    assertEquals(0, exp(NONE - SoftmaxStep.shift(NONE)));
    assertEquals(5, SoftmaxStep.shift(5));
    assertTrue(SoftmaxStep.empty(0));
    assertFalse(SoftmaxStep.empty(Float.NaN));
  }

  @Test
  void nan_is_a_pair_that_is_seen() {
    assertFalse(SoftmaxStep.seen(NONE));
    assertTrue(SoftmaxStep.seen(Float.NaN));
    assertTrue(SoftmaxStep.seen(-1e30f));
  }

  @Test
  void rows_lie_where_the_problem_says() {
    Tensor q = Tensor.zeros(Shape.of(2, 6, 3, 4));
    Tensor pool = Tensor.zeros(Shape.of(5, 2, 4, 4));
    int[][] table = {{3, 1}, {0, 4}};
    AttentionProblem problem =
        AttentionProblem.of(q, pool, pool).paging(new Paging(table, 4)).keyLengths(8, 6).build();
    for (int b = 0; b < 2; b++) {
      for (int h = 0; h < 6; h++) {
        int kvHead = PairIndex.kvHead(h, 6, 2);
        assertEquals(problem.kvHead(h), kvHead);
        for (int i = 0; i < 3; i++) {
          assertEquals(problem.queryRow(b, h, i), PairIndex.queryRow(b, h, i, 6, 3));
        }
        for (int j = 0; j < problem.keyLength(b); j++) {
          int row = PairIndex.keyRow(table[b][j / 4], kvHead, 2, j % 4, 4);
          assertEquals(problem.keyRow(b, kvHead, j), row);
        }
      }
    }
  }
}
