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

  /** Spans the weights but for the smallest twentieth, which may be vanishingly small. */
  static HeatScale spanning(double... weights) {
    double[] sorted =
        Arrays.stream(weights).filter(w -> w > 0 && Double.isFinite(w)).sorted().toArray();
    if (sorted.length == 0) {
      return new HeatScale(-1, 0);
    }
    // A weight of 1 may be computed as one last bit more.
    int high = (int) Math.ceil(Math.log10(sorted[sorted.length - 1]) - 1e-9);
    int low = (int) Math.floor(Math.log10(sorted[sorted.length / 20]));
    return new HeatScale(Math.clamp(low, high - MOST_DECADES, high - 1), high);
  }

  /** The colour of a weight. */
  int colour(double weight) {
    if (Double.isNaN(weight)) {
      return Palette.BROKEN;
    }
    return weight <= 0 ? Palette.heat(0) : Palette.heat((Math.log10(weight) - low) / (high - low));
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
