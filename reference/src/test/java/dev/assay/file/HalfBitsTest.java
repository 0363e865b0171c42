package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.tensor.DType;
import org.junit.jupiter.api.Test;

class HalfBitsTest {
  private static final int PATTERNS = 1 << 16;

  @Test
  void every_binary16_pattern_comes_back() {
    for (int bits = 0; bits < PATTERNS; bits++) {
      assertEquals(bits, HalfBits.toF16(HalfBits.fromF16(bits)), Integer.toHexString(bits));
    }
  }

  @Test
  void every_bfloat16_pattern_comes_back() {
    for (int bits = 0; bits < PATTERNS; bits++) {
      assertEquals(bits, HalfBits.toBf16(HalfBits.fromBf16(bits)), Integer.toHexString(bits));
    }
  }

  /** Two ways to the value: the pattern's meaning here, the grid of the type in DType. */
  @Test
  void every_pattern_means_a_value_that_its_type_holds() {
    for (int bits = 0; bits < PATTERNS; bits++) {
      double half = HalfBits.fromF16(bits);
      double brain = HalfBits.fromBf16(bits);
      assertEquals(half, DType.F16.round(half), Integer.toHexString(bits));
      assertEquals(brain, DType.BF16.round(brain), Integer.toHexString(bits));
    }
  }

  @Test
  void known_patterns_have_their_published_values() {
    assertEquals(65504, HalfBits.fromF16(0x7BFF));
    assertEquals(0x1p-24, HalfBits.fromF16(0x0001));
    assertEquals(0x1p-14, HalfBits.fromF16(0x0400));
    assertEquals(Float.NEGATIVE_INFINITY, HalfBits.fromF16(0xFC00));
    assertEquals(3.140625f, HalfBits.fromBf16(0x4049));
    assertEquals(0x1p-133f, HalfBits.fromBf16(0x0001));
  }

  @Test
  void a_nan_whose_payload_is_too_small_for_the_type_stays_a_nan() {
    float small = Float.intBitsToFloat(0x7F800001);
    assertEquals(0x7E00, HalfBits.toF16(small));
    assertEquals(0x7FC0, HalfBits.toBf16(small));
  }
}
