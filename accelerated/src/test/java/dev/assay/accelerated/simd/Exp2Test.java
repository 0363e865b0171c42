package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("width")
class Exp2Test {
  private static float of(float x) {
    return Exp2.of(FloatVector.broadcast(SPECIES, x)).lane(0);
  }

  /** Every float from -127 to 16 in steps of some ulps: a prime, so that no pattern is left out. */
  @Test
  void lies_within_two_ulps_of_the_power() {
    int step = LANES > 8 ? 100_003 : 1009;
    double worst = 0;
    float[] x = new float[LANES];
    for (long bits = 0; bits <= Float.floatToIntBits(127); bits += step) {
      for (int lane = 0; lane < LANES; lane++) {
        float magnitude = Float.intBitsToFloat((int) bits + lane);
        x[lane] = magnitude <= 16 && lane % 2 == 0 ? magnitude : -Math.min(magnitude, 126);
      }
      float[] y = Exp2.of(FloatVector.fromArray(SPECIES, x, 0)).toArray();
      for (int lane = 0; lane < LANES; lane++) {
        double right = Math.pow(2, x[lane]);
        worst = Math.max(worst, Math.abs(y[lane] - right) / Math.ulp((float) right));
      }
    }
    double most = worst;
    assertTrue(most <= 2, () -> "largest error is " + most + " ulps");
    assertTrue(most > 0.5, "no rounding at all: nothing was tested");
  }

  @Test
  void is_exact_at_integers() {
    for (int n = -126; n <= 127; n++) {
      assertEquals(Math.scalb(1f, n), of(n));
    }
  }

  @Test
  void is_zero_below_the_normal_numbers() {
    assertEquals(0, of(Math.nextDown(-126f)));
    assertEquals(0, of(-1e30f));
    assertEquals(0, of(Float.NEGATIVE_INFINITY));
  }

  @Test
  void passes_on_every_nan() {
    assertTrue(Float.isNaN(of(Float.NaN)));
    assertTrue(Float.isNaN(of(Float.intBitsToFloat(0x7fffffff))));
    assertTrue(Float.isNaN(of(Float.intBitsToFloat(0xff800001))));
  }
}
