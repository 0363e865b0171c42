package dev.assay.mechanism;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LinearBiasesTest {
  @Test
  void slopes_of_a_power_of_two_fall_from_the_first_head_to_two_to_the_minus_eight() {
    double[] eight = {0.5, 0.25, 0.125, 0.0625, 1.0 / 32, 1.0 / 64, 1.0 / 128, 1.0 / 256};
    assertArrayEquals(eight, LinearBiases.slopes(8));
    assertArrayEquals(new double[] {1.0 / 256}, LinearBiases.slopes(1));
    assertArrayEquals(new double[] {1.0 / 16, 1.0 / 256}, LinearBiases.slopes(2));
  }

  @Test
  void other_numbers_of_heads_go_on_with_every_other_slope_of_twice_as_many() {
    assertArrayEquals(new double[] {1.0 / 16, 1.0 / 256, 0.25}, LinearBiases.slopes(3));
    double[] six = {0.25, 1.0 / 16, 1.0 / 64, 1.0 / 256, 0.5, 0.125};
    assertArrayEquals(six, LinearBiases.slopes(6));
    double[] twelve = LinearBiases.slopes(12);
    for (int h = 8; h < 12; h++) {
      assertEquals(StrictMath.pow(2, -(h - 8) - 0.5), twelve[h], 1e-16);
    }
  }

  @Test
  void a_bias_is_minus_slope_times_distance() {
    Tensor bias = LinearBiases.bias(Shape.of(1, 2, 3, 3), (b, i, j) -> (double) Math.abs(i - j));
    assertEquals(-2.0 / 16, bias.at(0, 0, 2, 0));
    assertEquals(-1.0 / 256, bias.at(0, 1, 1, 2));
    assertEquals(0L, Double.doubleToRawLongBits(bias.at(0, 0, 1, 1)));
  }

  @Test
  void no_heads_are_refused() {
    assertThrows(IllegalArgumentException.class, () -> LinearBiases.slopes(0));
  }
}
