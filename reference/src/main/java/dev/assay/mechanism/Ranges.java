package dev.assay.mechanism;

import dev.assay.check.Require;

/**
 * What settings that several mechanisms have may be, so that a bad one is refused when it is set.
 */
public final class Ranges {
  private Ranges() {}

  /** The factor of q . k. */
  public static void scale(double scale) {
    Require.finite(scale, "scale");
  }

  /** The cap of logits. */
  public static void softcap(double softcap) {
    Require.argument(
        softcap >= 0 && Double.isFinite(softcap),
        "softcap is %s: it must be positive, or 0 for none",
        softcap);
  }

  /** The rate that a dropout mask was drawn with. */
  public static void dropoutRate(double rate) {
    Require.argument(rate >= 0 && rate < 1, "dropoutRate is %s: it must lie in [0, 1)", rate);
  }

  /** Base of the frequencies and number of channels of rotary positions. */
  public static void rotary(double theta, int dim) {
    Require.argument(
        theta > 0 && Double.isFinite(theta), "theta is %s: it must be positive", theta);
    Require.argument(
        dim >= 0 && dim % 2 == 0, "rotaryDim is %d: it must be even, or 0 for all channels", dim);
  }
}
