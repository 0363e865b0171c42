package dev.assay.gradcheck.precision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.DType;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every value that a format of 16 or 8 bits has, decoded here in another way. */
class NumberFormatTest {
  private static final double EVEN = 0;
  private final Dice dice = new Dice(1);

  private double round(NumberFormat format, double x) {
    return format.round(x, RoundingRule.NEAREST, dice);
  }

  /** All finite values with the parity of their codes; equal parities never are neighbours. */
  private static NavigableMap<Double, Integer> values(NumberFormat format) {
    NavigableMap<Double, Integer> values = new TreeMap<>();
    int codes = format == NumberFormat.BF16 || format == NumberFormat.FP16 ? 1 << 16 : 1 << 8;
    for (int code = 0; code < codes; code++) {
      double value = decoded(format, code);
      if (Double.isFinite(value)) {
        values.put(value + 0.0, code & 1);
      }
    }
    return values;
  }

  private static double decoded(NumberFormat format, int code) {
    return switch (format) {
      case BF16 -> Float.intBitsToFloat(code << 16);
      case FP16 -> Float.float16ToFloat((short) code);
      case E5M2 -> Float.float16ToFloat((short) (code << 8));
      case E4M3 -> {
        int exponent = code >> 3 & 15;
        int fraction = code & 7;
        double size =
            exponent == 0
                ? Math.scalb((double) fraction, -9)
                : Math.scalb(8.0 + fraction, exponent - 10);
        double value = (code & 127) == 127 ? Double.NaN : size;
        yield (code & 128) == 0 ? value : -value;
      }
      case F32 -> throw new IllegalArgumentException("binary32 has too many");
    };
  }

  @ParameterizedTest
  @EnumSource(value = NumberFormat.class, names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void every_code_is_left_as_it_is_by_every_rule(NumberFormat format) {
    int looked = 0;
    for (double value : values(format).keySet()) {
      for (RoundingRule rule : RoundingRule.values()) {
        assertEquals(value, format.round(value, rule, dice), EVEN, rule + " of " + value);
        looked++;
      }
    }
    assertTrue(looked > 700, () -> format + " has few values");
    assertEquals(format.largest(), values(format).lastKey());
  }

  @ParameterizedTest
  @EnumSource(value = NumberFormat.class, names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void between_neighbours_the_nearer_is_taken_and_ties_go_to_the_even_code(NumberFormat format) {
    Map.Entry<Double, Integer> below = null;
    for (Map.Entry<Double, Integer> above : values(format).entrySet()) {
      if (below != null) {
        double low = below.getKey();
        double high = above.getKey();
        double middle = low / 2 + high / 2;
        double even = below.getValue() == 0 ? low : high;
        assertEquals(even, round(format, middle), EVEN, () -> format + " at " + middle);
        assertEquals(low, round(format, Math.nextDown(middle)), EVEN);
        assertEquals(high, round(format, Math.nextUp(middle)), EVEN);
        double cut = Math.abs(low) < Math.abs(high) ? low : high;
        for (double x : new double[] {Math.nextUp(low), middle, Math.nextDown(high)}) {
          assertEquals(cut, format.round(x, RoundingRule.ZERO, dice), EVEN);
        }
      }
      below = above;
    }
  }

  @ParameterizedTest
  @EnumSource(value = NumberFormat.class, names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void the_stochastic_rule_gives_one_of_the_two_neighbours(NumberFormat format) {
    NavigableSet<Double> values = new TreeSet<>(values(format).keySet());
    for (double low : values) {
      Double high = values.higher(low);
      if (high != null) {
        double x = 0.7 * low + 0.3 * high;
        double got = format.round(x, RoundingRule.STOCHASTIC, dice);
        assertTrue(got == low || got == high, () -> x + " became " + got);
      }
    }
  }

  @Test
  void the_stochastic_rule_is_unbiased() {
    int seed = 7;
    Dice fair = new Dice(seed);
    for (double part : new double[] {0.125, 0.5, 0.9}) {
      double unit = 0x1p-7;
      int up = 0;
      int tries = 100_000;
      for (int t = 0; t < tries; t++) {
        up += NumberFormat.BF16.round(1 + part * unit, RoundingRule.STOCHASTIC, fair) > 1 ? 1 : 0;
      }
      // Five standard deviations of a mean of so many throws.
      double allowed = 5 * StrictMath.sqrt(part * (1 - part) / tries);
      assertEquals(part, (double) up / tries, allowed, "seed " + seed);
    }
  }

  @Test
  void eight_bits_saturate_and_the_others_overflow() {
    for (double large : new double[] {1e6, 1e39, Double.POSITIVE_INFINITY}) {
      assertEquals(448, round(NumberFormat.E4M3, large));
      assertEquals(-448, round(NumberFormat.E4M3, -large));
      assertEquals(57344, round(NumberFormat.E5M2, large));
    }
    assertEquals(Double.POSITIVE_INFINITY, round(NumberFormat.FP16, 65520));
    assertEquals(65504, round(NumberFormat.FP16, 65519));
    assertEquals(65504, NumberFormat.FP16.round(1e9, RoundingRule.ZERO, dice));
    assertEquals(Double.NEGATIVE_INFINITY, round(NumberFormat.BF16, -1e39));
  }

  @ParameterizedTest
  @EnumSource(NumberFormat.class)
  void nan_stays(NumberFormat format) {
    for (RoundingRule rule : RoundingRule.values()) {
      assertTrue(Double.isNaN(format.round(Double.NaN, rule, dice)));
    }
  }

  @Test
  void the_formats_of_files_round_alike() {
    Map<NumberFormat, DType> pairs =
        Map.of(
            NumberFormat.F32,
            DType.F32,
            NumberFormat.BF16,
            DType.BF16,
            NumberFormat.FP16,
            DType.F16);
    for (int e = -160; e <= 130; e++) {
      for (double x : new double[] {1, 1.2345678901, 1.0000001, 1.9999999999, -1.5000001}) {
        double value = Math.scalb(x, e);
        pairs.forEach(
            (format, type) -> assertEquals(type.round(value), round(format, value), EVEN));
      }
    }
  }

  @Test
  void binary32_cuts_off_what_lies_behind_its_last_bit() {
    double x = 1 + 0x1.8p-23;
    assertEquals(1 + 0x1p-23, NumberFormat.F32.round(x, RoundingRule.ZERO, dice));
    assertEquals(-1 - 0x1p-23, NumberFormat.F32.round(-x, RoundingRule.ZERO, dice));
  }

  @Test
  void a_format_holds_another_if_it_has_more_bits_and_range() {
    assertTrue(NumberFormat.F32.holds(NumberFormat.FP16));
    assertTrue(NumberFormat.F32.holds(NumberFormat.BF16));
    assertTrue(NumberFormat.FP16.holds(NumberFormat.E5M2));
    assertTrue(NumberFormat.BF16.holds(NumberFormat.E4M3));
    assertTrue(NumberFormat.E5M2.holds(NumberFormat.E5M2));
    assertFalse(NumberFormat.FP16.holds(NumberFormat.BF16));
    assertFalse(NumberFormat.BF16.holds(NumberFormat.FP16));
    assertFalse(NumberFormat.E5M2.holds(NumberFormat.E4M3));
  }
}
