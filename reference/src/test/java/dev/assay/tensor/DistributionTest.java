package dev.assay.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/** Each distribution, from the bits of the words by another road than that of the code. */
class DistributionTest {
  private static final int ELEMENTS = 4096;

  private final Philox generator = new Philox(20_260_101, 5, 1001);
  private long index;

  @Test
  void bell_is_the_bell() {
    holds(Distribution.BELL, this::bell);
  }

  @Test
  void sparse_keeps_the_elements_whose_last_word_begins_with_three_zeros() {
    holds(Distribution.SPARSE, () -> bits(3).startsWith("000") ? bell() : 0);
  }

  @Test
  void spike_is_large_where_the_last_word_begins_with_six_zeros() {
    holds(Distribution.SPIKE, () -> bits(3).startsWith("000000") ? 16 * bell() : bell());
  }

  @Test
  void ties_have_four_levels_by_the_first_two_bits() {
    holds(
        Distribution.TIES,
        () ->
            switch (bits(0).substring(0, 2)) {
              case "00" -> -98_304;
              case "01" -> -32_768;
              case "10" -> 32_768;
              default -> 98_304;
            });
  }

  @Test
  void anti_is_positive_at_even_places_and_negative_at_odd_ones() {
    holds(Distribution.ANTI, () -> index % 2 == 0 ? Math.abs(bell()) : -Math.abs(bell()));
  }

  @Test
  void wide_has_one_of_sixteen_powers_by_four_bits_of_the_third_word() {
    holds(
        Distribution.WIDE,
        () -> bell() * Math.pow(2, Integer.parseInt(bits(2).substring(0, 4), 2) - 8));
  }

  @Test
  void exact_is_one_of_eight_integers_by_three_bits() {
    holds(Distribution.EXACT, () -> 65_536.0 * (Integer.parseInt(bits(0).substring(0, 3), 2) - 4));
  }

  private double bell() {
    return generator.bell(index);
  }

  private String bits(int word) {
    String bits = Integer.toBinaryString(generator.words(index)[word]);
    return "0".repeat(Integer.SIZE - bits.length()) + bits;
  }

  private void holds(Distribution distribution, DoubleSupplier expected) {
    for (index = 0; index < ELEMENTS; index++) {
      assertEquals(expected.getAsDouble(), distribution.value(generator, index, 0));
      assertEquals(expected.getAsDouble() / 65_536, distribution.value(generator, index, -16));
    }
  }
}
