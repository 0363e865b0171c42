package dev.assay.accelerated.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of binary16 are as wide as the device wants them, and hold rounded numbers. */
class HalfRowsTest {
  private static Tensor row(float... values) {
    return Tensor.adopt(Shape.of(1, 1, 1, values.length), values);
  }

  @Test
  void the_lower_channel_is_in_the_lower_half_and_missing_ones_are_0() {
    int[] packed = HalfRows.of(row(1, -2, 0.5f));
    int[] right = new int[HalfRows.PITCH];
    right[0] = 0xC000_3C00;
    right[1] = 0x0000_3800;
    assertArrayEquals(right, packed);
  }

  @Test
  void each_row_begins_at_a_row_of_its_own() {
    Tensor two = Tensor.adopt(Shape.of(1, 1, 2, 1), new float[] {1, 2});
    int[] packed = HalfRows.of(two);
    assertEquals(2 * HalfRows.PITCH, packed.length);
    assertEquals(0x3C00, packed[0]);
    assertEquals(0x4000, packed[HalfRows.PITCH]);
  }

  @Test
  void ties_go_to_even() {
    assertEquals(0x3C00, HalfRows.of(row(1 + 0x1p-11f))[0]);
    assertEquals(0x3C02, HalfRows.of(row(1 + 3 * 0x1p-11f))[0]);
  }

  @Test
  void what_binary16_cannot_hold_does_not_fit() {
    assertTrue(HalfRows.fit(List.of(row(65504, -65504, 1e-9f))));
    assertFalse(HalfRows.fit(List.of(row(65520))));
    assertFalse(HalfRows.fit(List.of(row(1), row(Float.NaN))));
    assertFalse(HalfRows.fit(List.of(row(Float.NEGATIVE_INFINITY))));
  }
}
