package dev.assay.gradcheck.verdict;

import dev.assay.gradcheck.gate.Comparison;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many elements of a tensor have an error of which size, by powers of two.
 *
 * @param bound by the error in units of the bound: below 2^-7, then by powers up to 2^8, then more
 *     or NaN; exact elements are not counted
 * @param ulps by the error in units in the last place: 0, below 1, then by powers up to 2^16, then
 *     more or NaN
 */
public record Histogram(int[] bound, int[] ulps) {
  /** The power of the second bin of {@link #bound}; everything smaller is in the first. */
  public static final int LOWEST = -8;

  private static final int HIGHEST = 8;
  private static final int MOST_ULPS = 16;
  private static final int WIDTH = 40;

  /** Of a comparison. */
  public static Histogram of(Comparison compared) {
    int[] bound = new int[HIGHEST - LOWEST + 2];
    int[] ulps = new int[MOST_ULPS + 4];
    for (int p = 0; p < compared.golden().size(); p++) {
      double ratio = compared.ratio(p);
      if (ratio > 0) {
        bound[Math.clamp(power(ratio, HIGHEST), LOWEST, HIGHEST + 1) - LOWEST]++;
      }
      double error = compared.ulps(p);
      boolean same = compared.value().get(p) == compared.golden().get(p);
      ulps[same || error == 0 ? 0 : 2 + Math.clamp(power(error, MOST_ULPS), -1, MOST_ULPS + 1)]++;
    }
    return new Histogram(bound, ulps);
  }

  private static int power(double x, int highest) {
    return Double.isFinite(x) ? Math.getExponent(x) : highest + 1;
  }

  /** Both together. */
  public Histogram plus(Histogram other) {
    return new Histogram(sum(bound, other.bound), sum(ulps, other.ulps));
  }

  private static int[] sum(int[] a, int[] b) {
    int[] sum = new int[a.length];
    Arrays.setAll(sum, c -> a[c] + b[c]);
    return sum;
  }

  /** One line for each power of the bound that occurs; the line at the bound is marked. */
  List<String> lines() {
    long most = Math.max(1, Arrays.stream(bound).max().orElse(1));
    List<String> lines = new ArrayList<>();
    lines.add("errors in units of the bound, by powers of 2 (from 2^0 on they fail)");
    for (int c = 0; c < bound.length; c++) {
      if (bound[c] > 0) {
        int bar = (int) Math.max(1, WIDTH * (long) bound[c] / most);
        lines.add("%s %s %d".formatted(label(c + LOWEST), "*".repeat(bar), bound[c]));
      }
    }
    return lines;
  }

  private static String label(int power) {
    if (power > HIGHEST) {
      return " more or NaN";
    }
    String sign = power == LOWEST ? "<" : " ";
    return "%s2^%-+3d      ".formatted(sign, power == LOWEST ? power + 1 : power);
  }
}
