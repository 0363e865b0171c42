package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.tensor.Philox;
import org.junit.jupiter.api.Test;

class BitSquareTest {
  @Test
  void a_transposed_bit_lies_at_the_mirrored_place() {
    Philox generator = new Philox(25, 1, 1);
    long[] rows = new long[Long.SIZE];
    for (int row = 0; row < rows.length; row++) {
      int[] words = generator.words(row);
      rows[row] = (long) words[0] << 32 | (words[1] & 0xFFFFFFFFL);
    }
    long[] turned = rows.clone();
    BitSquare.transpose(turned);
    for (int row = 0; row < Long.SIZE; row++) {
      for (int col = 0; col < Long.SIZE; col++) {
        assertEquals((rows[row] >>> col) & 1, (turned[col] >>> row) & 1, row + ", " + col);
      }
    }
  }

  @Test
  void a_range_is_cut_to_the_word() {
    assertEquals(0b11100, BitSquare.range(2, 5));
    assertEquals(-1L, BitSquare.range(-7, 90));
    assertEquals(1L << 63, BitSquare.range(63, 64));
    assertEquals(0, BitSquare.range(5, 5));
    assertEquals(0, BitSquare.range(9, -3));
    assertEquals(0, BitSquare.range(64, 70));
  }
}
