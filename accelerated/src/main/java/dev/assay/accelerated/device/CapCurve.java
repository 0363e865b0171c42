package dev.assay.accelerated.device;

/**
 * The tanh of a softcap and its slope, from an exponential that the caller computes as its machine
 * does.
 *
 * <p>With {@code e = exp(-2 |y|)}: {@code tanh |y| = (1 - e) / (1 + e)} where that does not cancel,
 * an odd polynomial below 0.625 (Moshier, Cephes {@code tanhf}), and {@code 1 - tanh^2 = 4 e / (1 +
 * e)^2}, which is accurate to a few ulps even where the tanh rounds to 1.
 */
public final class CapCurve {
  private static final float POLYNOMIAL_BELOW = 0.625f;
  private static final float T3 = -0.3333328f;
  private static final float T5 = 0.13331442f;
  private static final float T7 = -0.053739715f;
  private static final float T9 = 0.020639088f;
  private static final float T11 = -0.0057049887f;

  private CapCurve() {}

  /** What {@code e} is the exponential of: -2 |y|. */
  public static float exponent(float y) {
    return y < 0 ? 2 * y : -2 * y;
  }

  /** tanh y; NaN for NaN. */
  public static float tanh(float y, float e) {
    float size = y < 0 ? -y : y;
    if (size < POLYNOMIAL_BELOW) {
      float z = y * y;
      return y + y * z * ((((T11 * z + T9) * z + T7) * z + T5) * z + T3);
    }
    float large = (1 - e) / (1 + e);
    return y < 0 ? -large : large;
  }

  /** The derivative of tanh at y. */
  public static float slope(float e) {
    float sum = 1 + e;
    return 4 * e / (sum * sum);
  }
}
