package dev.assay.gradcheck.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.DType;
import org.junit.jupiter.api.Test;

/** Each test fails if one comparison of the gate is turned round or one rule is left out. */
class ElementGateTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  private static boolean passes(double value, double golden, double bound) {
    return ElementGate.passes(value, golden, bound, DType.F32);
  }

  @Test
  void an_error_of_exactly_the_bound_passes() {
    assertTrue(passes(1.25, 1, 0.25));
    assertTrue(passes(0.75, 1, 0.25));
  }

  @Test
  void an_error_just_above_the_bound_fails() {
    assertFalse(passes(Math.nextUp(1.25), 1, 0.25));
    assertFalse(passes(Math.nextDown(0.75), 1, 0.25));
  }

  @Test
  void nan_agrees_with_nan_only() {
    assertTrue(passes(Double.NaN, Double.NaN, 0));
    assertFalse(passes(Double.NaN, 1, 1e9));
    assertFalse(passes(1, Double.NaN, 1e9));
    assertFalse(passes(Double.NaN, INF, 1e9));
  }

  @Test
  void nan_of_another_payload_is_nan() {
    assertTrue(passes(Double.longBitsToDouble(0x7ff8dead_beef0001L), Double.NaN, 0));
  }

  @Test
  void a_bound_of_nan_lets_nothing_pass() {
    assertFalse(passes(1, 1, Double.NaN));
  }

  @Test
  void where_scores_overflow_the_class_whatever_comes_passes() {
    assertTrue(passes(Double.NaN, 1, INF));
    assertTrue(passes(-INF, 1, INF));
    assertTrue(passes(1, Double.NaN, INF));
    assertEquals(0, ElementGate.ratio(Double.NaN, 1, INF));
  }

  @Test
  void infinities_agree_by_sign() {
    assertTrue(passes(INF, INF, 0));
    assertTrue(passes(-INF, -INF, 0));
    assertFalse(passes(-INF, INF, 1e300));
    assertFalse(passes(Float.MAX_VALUE, INF, 1e300));
    assertFalse(passes(INF, 1, 1));
  }

  @Test
  void what_the_type_cannot_hold_may_overflow() {
    assertTrue(ElementGate.passes(INF, 65_504, 32, DType.F16));
    assertFalse(ElementGate.passes(-INF, 65_504, 32, DType.F16));
    assertFalse(ElementGate.passes(INF, 65_000, 32, DType.F16));
    assertFalse(ElementGate.passes(INF, 65_504, 32, DType.F32));
  }

  @Test
  void minus_zero_equals_zero_without_any_bound() {
    assertTrue(passes(-0.0, 0.0, 0));
    assertFalse(passes(Double.MIN_VALUE, 0.0, 0));
  }

  @Test
  void the_ratio_is_zero_where_both_agree_and_infinite_where_nothing_can_be_said() {
    assertEquals(0, ElementGate.ratio(1, 1, 0));
    assertEquals(0, ElementGate.ratio(Double.NaN, Double.NaN, 0));
    assertEquals(2, ElementGate.ratio(1.5, 1, 0.25));
    assertEquals(INF, ElementGate.ratio(1.5, 1, 0));
    assertEquals(INF, ElementGate.ratio(Double.NaN, 1, 1));
  }
}
