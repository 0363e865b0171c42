package dev.assay.mechanism;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.SinusoidalPositions.Layout;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SinusoidalPositionsTest {
  @Test
  void the_paper_puts_each_cosine_behind_its_sine() {
    Tensor table = SinusoidalPositions.table(Layout.INTERLEAVED, 4, 4);
    double[] expected = {
      StrictMath.sin(3), StrictMath.cos(3), StrictMath.sin(0.03), StrictMath.cos(0.03)
    };
    assertArrayEquals(expected, row(table, 3), 1e-16);
  }

  @Test
  void halves_hold_the_same_numbers_in_another_order() {
    Tensor paper = SinusoidalPositions.table(Layout.INTERLEAVED, 5, 6);
    Tensor halves = SinusoidalPositions.table(Layout.HALVES, 5, 6);
    for (int p = 0; p < 5; p++) {
      for (int t = 0; t < 3; t++) {
        assertEquals(paper.at(p, 2 * t), halves.at(p, t));
        assertEquals(paper.at(p, 2 * t + 1), halves.at(p, 3 + t));
      }
    }
  }

  @Test
  void tensor2tensor_reaches_the_last_frequency() {
    Tensor table = SinusoidalPositions.table(Layout.TENSOR2TENSOR, 3, 6);
    double[] expected = {
      StrictMath.sin(2), StrictMath.sin(0.02), StrictMath.sin(0.0002),
      StrictMath.cos(2), StrictMath.cos(0.02), StrictMath.cos(0.0002)
    };
    assertArrayEquals(expected, row(table, 2), 1e-16);
    Tensor halves = SinusoidalPositions.table(Layout.HALVES, 3, 6);
    assertTrue(Math.abs(halves.at(2, 1) - table.at(2, 1)) > 0.05);
  }

  @ParameterizedTest
  @EnumSource
  void position_zero_has_no_sine_and_every_row_one_length(Layout layout) {
    Tensor table = SinusoidalPositions.rows(layout, new int[] {0, 7, -7}, 8);
    for (int p = 0; p < 3; p++) {
      double square = 0;
      for (double x : row(table, p)) {
        square += x * x;
      }
      assertEquals(4, square, 1e-14);
    }
    double ones = 0;
    for (double x : row(table, 0)) {
      ones += x;
    }
    assertEquals(4, ones);
    assertEquals(table.at(1, 0), -table.at(2, 0));
  }

  @ParameterizedTest
  @EnumSource
  void two_channels_are_one_frequency(Layout layout) {
    Tensor table = SinusoidalPositions.table(layout, 2, 2);
    assertEquals(Shape.of(2, 2), table.shape());
    assertEquals(StrictMath.sin(1), table.at(1, 0));
  }

  @Test
  void an_odd_number_of_channels_is_refused() {
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> SinusoidalPositions.table(Layout.INTERLEAVED, 2, 5));
    assertTrue(refusal.toString().contains("5 channels"), refusal.toString());
  }

  private static double[] row(Tensor table, int p) {
    int channels = table.shape().extent(1);
    double[] row = new double[channels];
    for (int c = 0; c < channels; c++) {
      row[c] = table.at(p, c);
    }
    return row;
  }
}
