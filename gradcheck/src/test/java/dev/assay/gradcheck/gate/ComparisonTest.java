package dev.assay.gradcheck.gate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static Tensor row(double... values) {
    return Tensor.adopt(Shape.of(values.length), values);
  }

  private static Comparison compare(Tensor value, Tensor golden, Tensor bound) {
    return Comparison.of("out", DType.F32, value, golden, bound);
  }

  @Test
  void failing_positions_are_ascending_and_the_worst_come_first() {
    Comparison compared =
        compare(row(1.2, 1, 3, Double.NaN), row(1, 1, 1, 1), row(0.1, 0.1, 0.1, 0.1));
    assertArrayEquals(new int[] {0, 2, 3}, compared.failures());
    assertEquals(List.of(3, 2), compared.worst(2));
  }

  @Test
  void tightness_and_rms_leave_out_what_has_no_bound() {
    Comparison compared =
        compare(
            row(1.5, 2, Double.NaN, 9),
            row(1, 2, 7, Double.NaN),
            row(1, 1, Double.POSITIVE_INFINITY, 1));
    assertEquals(0.5, compared.tightness());
    assertEquals(Math.sqrt(0.125), compared.rms());
    assertEquals(1, compared.unbounded());
    assertArrayEquals(new int[] {3}, compared.failures());
    assertEquals(2, compared.measured());
  }

  @Test
  void another_shape_is_refused_with_both_shapes() {
    Tensor two = row(1, 2);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> compare(two, row(1), row(1)));
    assertTrue(String.valueOf(refusal.getMessage()).contains("[2]: [1] is expected"));
  }

  @Test
  void ulps_are_those_of_the_type_of_the_result() {
    Tensor bound = row(1);
    assertEquals(1, compare(row(1 + 0x1p-23), row(1), bound).ulps(0));
    Comparison half = Comparison.of("out", DType.BF16, row(1 + 0x1p-7), row(1), bound);
    assertEquals(1, half.ulps(0));
  }

  @Test
  void ulps_end_where_numbers_of_the_type_are_no_longer_normal() {
    Tensor bound = row(1);
    assertEquals(2, compare(row(0x1p-148), row(0), bound).ulps(0));
    assertEquals(3, Comparison.of("out", DType.F16, row(0x3p-24), row(0), bound).ulps(0));
    assertEquals(1, Comparison.of("out", DType.F64, row(Double.MIN_VALUE), row(0), bound).ulps(0));
    assertEquals(2, compare(row(9), row(9 - 0x1p-19), bound).ulps(0));
  }

  @Test
  void it_passes_where_no_position_fails() {
    assertTrue(compare(row(1, 2), row(1, 2), row(0, 0)).passes());
    assertFalse(compare(row(1, 2.5), row(1, 2), row(0, 0)).passes());
  }
}
