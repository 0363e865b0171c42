package dev.assay.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhiloxTest {
  /** The known answers that the authors publish with Random123, for ten rounds of Philox4x32. */
  @ParameterizedTest
  @CsvSource({
    "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1",
  })
  void the_block_function_gives_the_known_answers(String counter, String key, String words) {
    int[] keys = words(key);
    assertArrayEquals(words(words), Philox.block(words(counter), keys[0], keys[1]));
  }

  @Test
  void an_element_has_a_counter_of_its_own_beyond_32_bits() {
    Philox generator = new Philox(7, 11, 13);
    long index = 0x5_0000_0003L;
    assertArrayEquals(Philox.block(new int[] {3, 5, 13, 0}, 7, 11), generator.words(index));
  }

  @Test
  void a_bell_is_the_sum_of_eight_halves_less_their_middle() {
    Philox generator = new Philox(1, 2, 3);
    for (long index = 0; index < 1000; index++) {
      int sum = 0;
      for (int word : generator.words(index)) {
        sum += Short.toUnsignedInt((short) word) + Short.toUnsignedInt((short) (word >> 16));
      }
      assertEquals(sum - 262_144, generator.bell(index));
      assertEquals(
          Short.toUnsignedInt((short) generator.words(index)[0]), generator.uniform16(index));
    }
  }

  private static int[] words(String text) {
    String[] words = text.split(" ", -1);
    int[] numbers = new int[words.length];
    for (int w = 0; w < words.length; w++) {
      numbers[w] = Integer.parseUnsignedInt(words[w], 16);
    }
    return numbers;
  }
}
