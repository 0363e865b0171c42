package dev.assay.cli.picture;

import java.util.Arrays;

/**
 * A logarithmic scale of colours between two powers of ten.
 *
 * @param low exponent of the darkest colour
 * @param high exponent of the brightest, above {@code low}
 */
record HeatScale(int low, int high) {
  private static final int MOST_DECADES = 8;

  /** Shades between the ends: an eye tells no more apart, and equal cells are drawn as one. */
  static final int SHADES = 16;

  /** Spans the sizes of weights but for the smallest twentieth, which may vanish. */
  static HeatScale spanning(double... weights) {
    double[] sorted =
        Arrays.stream(weights)
            .map(Math::abs)
            .filter(w -> w > 0 && Double.isFinite(w))
            .sorted()
            .toArray();
    if (sorted.length == 0) {
      return new HeatScale(-1, 0);
    }
    // A weight of 1 may be computed as one last bit more.
    int high = (int) Math.ceil(StrictMath.log10(sorted[sorted.length - 1]) - 1e-9);
    int low = (int) Math.floor(StrictMath.log10(sorted[sorted.length / 20]));
    return new HeatScale(Math.clamp(low, high - MOST_DECADES, high - 1), high);
  }

  /** The colour of a weight: of its size, on a ramp for its sign. */
  int colour(double weight) {
    if (Double.isNaN(weight)) {
      return Palette.BROKEN;
    }
    double size = Math.abs(weight);
    double place = size == 0 ? 0 : (StrictMath.log10(size) - low) / (high - low);
    return shade((int) Math.clamp(place * SHADES, 0, SHADES - 1), weight < 0);
  }

  /** A shade by its number, from the least to the most. */
  static int shade(int number, boolean negative) {
    double share = number / (SHADES - 1.0);
    return negative ? Palette.negative(share) : Palette.heat(share);
  }

  /** How the weight 10^exponent is written. */
  static String label(int exponent) {
    if (exponent == 0) {
      return "1";
    }
    StringBuilder raised = new StringBuilder();
    String.valueOf(exponent).chars().forEach(c -> raised.append(raised((char) c)));
    return "10" + raised;
  }

  private static char raised(char digit) {
    return digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0');
  }
}
