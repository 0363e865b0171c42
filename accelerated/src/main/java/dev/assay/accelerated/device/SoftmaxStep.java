package dev.assay.accelerated.device;

/**
 * The running maximum of a row of logits that arrive tile by tile (Milakov and Gimelshein 2018; Dao
 * et al., "FlashAttention", 2022): what of it needs neither an exponential nor other work-items.
 *
 * <p>With m the maximum so far and m' the new one, sums and results so far are multiplied by {@code
 * exp(m - m')}, and a logit s adds {@code exp(s - m')}.
 */
public final class SoftmaxStep {
  private SoftmaxStep() {}

  /**
   * The larger of two; a NaN as {@code other} is left out, for the sum of exponentials carries it.
   * Not Math.max: devices disagree with Java on the maximum of NaN.
   */
  public static float larger(float rowMax, float other) {
    return other > rowMax ? other : rowMax;
  }

  /**
   * What is subtracted from logits: the maximum, but 0 before a row has met a key, because -inf
   * minus -inf would be NaN.
   */
  public static float shift(float rowMax) {
    return rowMax == Float.NEGATIVE_INFINITY ? 0 : rowMax;
  }

  /** Whether a logit belongs to a pair that exists: masked ones are -inf, and NaN is not masked. */
  public static boolean seen(float logit) {
    return !(logit == Float.NEGATIVE_INFINITY);
  }

  /** Whether a row met no key at all: NaN is a sum too. */
  public static boolean empty(float rowSum) {
    return rowSum == 0;
  }
}
