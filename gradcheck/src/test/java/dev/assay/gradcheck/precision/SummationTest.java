package dev.assay.gradcheck.precision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sums of many numbers above 0 in narrow formats. */
class SummationTest {
  private static final int SEED = 3;
  private static final int BLOCK = 64;

  private static double[] terms(int count) {
    Dice dice = new Dice(SEED);
    double[] terms = new double[count];
    Arrays.setAll(
        terms, _ -> NumberFormat.F32.round(0.5 + dice.next(), RoundingRule.NEAREST, dice));
    return terms;
  }

  /** The relative error of a sum, whose exact value doubles hold. */
  private static double error(int count, Summation order, NumberFormat format, RoundingRule rule) {
    double[] terms = terms(count);
    Rounder on = new Rounder(format, rule, new Dice(SEED));
    double[] rounded = Arrays.stream(terms).map(on::of).toArray();
    double exact = Arrays.stream(rounded).sum();
    return Math.abs(order.sum(rounded, count, BLOCK, on) - exact) / exact;
  }

  /** The slope of log error over log n, of mean errors over lengths that differ a little. */
  private static double slope(Summation order, NumberFormat format, RoundingRule rule) {
    double[] means = new double[2];
    for (int tries = 0; tries < 40; tries++) {
      means[0] += error(1000 + tries, order, format, rule);
      means[1] += error(100 * (1000 + tries), order, format, rule);
    }
    return StrictMath.log(means[1] / means[0]) / StrictMath.log(100);
  }

  @ParameterizedTest
  @EnumSource(Summation.class)
  void few_whole_numbers_add_up_exactly_in_every_order(Summation order) {
    Rounder on = new Rounder(NumberFormat.F32, RoundingRule.NEAREST, new Dice(SEED));
    for (int count = 0; count < 40; count++) {
      double[] terms = new double[64];
      Arrays.setAll(terms, t -> t + 1);
      assertEquals(count * (count + 1) / 2.0, order.sum(terms, count, 5, on));
    }
  }

  @Test
  void of_a_long_sum_pairs_err_less_than_the_plain_order_and_a_corrected_sum_least() {
    double naive = error(100_000, Summation.NAIVE, NumberFormat.F32, RoundingRule.NEAREST);
    double pairs = error(100_000, Summation.PAIRWISE, NumberFormat.F32, RoundingRule.NEAREST);
    double corrected = error(100_000, Summation.NEUMAIER, NumberFormat.F32, RoundingRule.NEAREST);
    assertTrue(pairs * 20 < naive, () -> pairs + " against " + naive);
    assertTrue(corrected <= 0x1p-24, () -> "" + corrected);
  }

  @Test
  void cut_off_bits_add_up_in_proportion_to_the_length() {
    double slope = slope(Summation.NAIVE, NumberFormat.F32, RoundingRule.ZERO);
    assertEquals(1, slope, 0.1, "seed " + SEED);
  }

  @Test
  void stochastic_errors_grow_with_the_root_of_the_length() {
    double slope = slope(Summation.NAIVE, NumberFormat.F32, RoundingRule.STOCHASTIC);
    assertEquals(0.5, slope, 0.2, "seed " + SEED);
  }

  @Test
  void pairs_and_corrected_sums_hardly_grow() {
    assertTrue(slope(Summation.PAIRWISE, NumberFormat.F32, RoundingRule.NEAREST) < 0.2);
    assertTrue(slope(Summation.NEUMAIER, NumberFormat.F32, RoundingRule.NEAREST) < 0.2);
  }

  @Test
  void a_plain_sum_in_bfloat16_stands_still_and_dice_move_it() {
    double[] ones = new double[4096];
    Arrays.fill(ones, 1);
    Rounder nearest = new Rounder(NumberFormat.BF16, RoundingRule.NEAREST, new Dice(SEED));
    Rounder dice = new Rounder(NumberFormat.BF16, RoundingRule.STOCHASTIC, new Dice(SEED));
    assertEquals(256, Summation.NAIVE.sum(ones, 4096, BLOCK, nearest));
    assertEquals(4096, Summation.NAIVE.sum(ones, 4096, BLOCK, dice), 0.2 * 4096, "seed " + SEED);
    assertEquals(4096, Summation.PAIRWISE.sum(ones, 4096, BLOCK, nearest));
  }
}
