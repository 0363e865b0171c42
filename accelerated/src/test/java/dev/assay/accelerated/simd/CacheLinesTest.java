package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CacheLinesTest {
  private static final int ARRAYS = 256;

  /** The collector may move an array between two looks at it; it does so rarely. */
  private static final int SEEN_TO_LIE = ARRAYS * 9 / 10;

  @BeforeEach
  void native_access_is_enabled() {
    assertTrue(
        CacheLines.class.getModule().isNativeAccessEnabled(),
        "start Java with --enable-native-access=ALL-UNNAMED");
  }

  @Test
  void an_array_of_nothing_has_no_lines() {
    assertEquals(0, CacheLines.lead(new float[0]));
    assertEquals(0, CacheLines.lead(new double[0]));
  }

  @Test
  void a_line_begins_behind_the_lead() {
    int floats = 0;
    int doubles = 0;
    int moved = 0;
    for (int a = 0; a < ARRAYS; a++) {
      // Of many sizes, so that they lie in many ways.
      float[] f = new float[CacheLines.FLOATS + a];
      int lead = CacheLines.lead(f);
      assertTrue(lead >= 0 && lead < CacheLines.FLOATS, () -> "a lead of " + lead);
      moved += lead > 0 ? 1 : 0;
      floats += begins(MemorySegment.ofArray(f), (long) lead * Float.BYTES);
      double[] d = new double[CacheLines.DOUBLES + a];
      int leadOfDoubles = CacheLines.lead(d);
      assertTrue(
          leadOfDoubles >= 0 && leadOfDoubles < CacheLines.DOUBLES,
          () -> "a lead of " + leadOfDoubles);
      doubles += begins(MemorySegment.ofArray(d), (long) leadOfDoubles * Double.BYTES);
    }
    assertTrue(floats >= SEEN_TO_LIE, floats + " of the arrays of floats");
    assertTrue(doubles >= SEEN_TO_LIE, doubles + " of the arrays of doubles");
    assertTrue(moved > 0, "no array needs a lead");
  }

  private static int begins(MemorySegment array, long at) {
    return CacheLines.bytes(array.asSlice(at)) == 0 ? 1 : 0;
  }
}
