package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("width")
class SoftcapTest {
  /** Each of about ten operations rounds by half an ulp, and exp by two. */
  private static final double MOST_ULPS = 8;

  private static float[][] of(double cap, float x) {
    float[] s = new float[LANES];
    float[] slopes = new float[LANES];
    Arrays.fill(s, x);
    new Softcap(cap).apply(s, LANES, slopes);
    return new float[][] {s, slopes};
  }

  @Test
  void cap_and_slope_are_accurate_relative_to_themselves() {
    double cap = 30;
    int tested = 0;
    for (float x = 1e-6f; x < 1000; x *= 1.0937f) {
      for (float signed : new float[] {x, -x}) {
        float[][] found = of(cap, signed);
        double value = cap * StrictMath.tanh(signed / cap);
        // 1 - tanh^2 would cancel.
        double slope = 1 / Math.pow(StrictMath.cosh(signed / cap), 2);
        assertEquals(value, found[0][0], MOST_ULPS * Math.ulp((float) value), "at " + signed);
        // The exponent 2 x / cap is rounded before it is used.
        double exponent = 2 * x / cap;
        double most = (MOST_ULPS + exponent) * Math.ulp((float) slope);
        assertEquals(slope, found[1][0], Math.max(most, Float.MIN_NORMAL), "slope at " + signed);
        tested++;
      }
    }
    assertTrue(tested > 100);
  }

  @Test
  void infinite_logits_reach_the_cap_and_nan_stays() {
    assertEquals(5, of(5, Float.POSITIVE_INFINITY)[0][0]);
    assertEquals(-5, of(5, Float.NEGATIVE_INFINITY)[0][0]);
    assertEquals(0, of(5, Float.POSITIVE_INFINITY)[1][0]);
    assertTrue(Float.isNaN(of(5, Float.NaN)[0][0]));
  }
}
