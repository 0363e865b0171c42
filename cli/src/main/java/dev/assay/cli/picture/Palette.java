package dev.assay.cli.picture;

/** Colours that stay apart on white, on dark and for colour-blind eyes. */
final class Palette {
  /**
   * Paul Tol's bright and vibrant schemes, told apart with any colour vision.
   *
   * @see <a href="https://personal.sron.nl/~pault/">Colour schemes</a>
   */
  private static final int[] KINDS = {
    0x4477AA, 0xEE6677, 0x228833, 0xCCBB44, 0x66CCEE, 0xAA3377, 0xEE7733, 0x009988
  };

  /** What has no colour of its own. */
  static final int OTHER = 0xA0A8B0;

  /** Not a number. */
  static final int BROKEN = 0xFF00FF;

  /** Nine points of viridis (van der Walt and Smith, 2015), from the least to the most. */
  private static final int[] HEAT = {
    0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725
  };

  /** Five points of magma (van der Walt and Smith, 2015): weights below 0, by their size. */
  private static final int[] NEGATIVE = {0x3B0F70, 0x8C2981, 0xDE4968, 0xFE9F6D, 0xFCFDBF};

  private Palette() {}

  /** How many kinds have a colour of their own. */
  static int kinds() {
    return KINDS.length;
  }

  /** The colour of a kind. */
  static int kind(int number) {
    return number < KINDS.length ? KINDS[number] : OTHER;
  }

  /** The colour of a share from 0 to 1. */
  static int heat(double share) {
    return between(HEAT, share);
  }

  /** The colour of a share from 0 to 1 of the largest weight below 0. */
  static int negative(double share) {
    return between(NEGATIVE, share);
  }

  private static int between(int[] points, double share) {
    double place = Math.clamp(share, 0, 1) * (points.length - 1);
    int below = (int) Math.min(place, points.length - 2);
    double part = place - below;
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int low = points[below] >> shift & 0xFF;
      int high = points[below + 1] >> shift & 0xFF;
      mixed |= (int) Math.round(low + part * (high - low)) << shift;
    }
    return mixed;
  }

  /** A colour at some opacity from 0 to 1, as ARGB. */
  static int opaque(int rgb, double opacity) {
    return (int) Math.round(Math.clamp(opacity, 0, 1) * 255) << 24 | rgb;
  }
}
