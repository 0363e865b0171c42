package dev.assay.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.bench.report.Statistics.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  /** A few roundings of sums of some numbers near 1. */
  private static final double ROUNDING = 1e-12;

  @Test
  void the_median_is_the_middle_one_or_lies_between_the_two_in_the_middle() {
    assertEquals(2, Statistics.median(List.of(9.0, 1.0, 2.0)));
    assertEquals(3, Statistics.median(List.of(4.0, 2.0)));
    assertThrows(IllegalArgumentException.class, () -> Statistics.median(List.of()));
  }

  @Test
  void a_line_through_a_line_is_that_line() {
    Line line = Statistics.line(new double[] {0.01, 0.1, 1}, new double[] {2.03, 2.3, 5});
    assertEquals(2, line.intercept(), ROUNDING);
    assertEquals(3, line.slope(), ROUNDING);
    assertEquals(0, line.residual(), ROUNDING);
    assertEquals(8, line.at(2), ROUNDING);
  }

  @Test
  void the_residual_is_the_largest_share_of_the_line_that_a_value_is_off() {
    double[] x = {0.01, 0.02, 0.5, 1};
    double[] y = {0.012, 0.02, 0.5, 1};
    Line line = Statistics.line(x, y);
    assertEquals(Math.abs(y[1] - line.at(x[1])) / line.at(x[1]), line.residual(), ROUNDING);
  }

  @Test
  void a_small_value_weighs_as_much_as_a_large_one() {
    Line line = Statistics.line(new double[] {1, 2, 1000}, new double[] {1, 2, 2000});
    assertEquals(1, line.at(1), 0.3, "the value at 1 is not drowned by that at 1000");
  }

  @Test
  void a_line_needs_two_places() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Statistics.line(new double[] {1, 1}, new double[] {1, 2}));
  }

  @Test
  void what_is_proportional_does_not_deviate() {
    double[] x = {1, 2, 4};
    assertEquals(0, Statistics.deviationFromProportional(x, new double[] {3, 6, 12}), ROUNDING);
    // Rates 1 and 2: c = 5 / 3, so the first is off by 2 / 5.
    assertEquals(
        0.4,
        Statistics.deviationFromProportional(new double[] {1, 1}, new double[] {1, 2}),
        ROUNDING);
  }
}
