package dev.assay.gradcheck.verdict;

import dev.assay.gradcheck.gate.Comparison;
import java.util.ArrayList;
import java.util.List;

/** How many elements have an error of which size, by powers of two of the bound, as text. */
final class Histogram {
  private static final int LOWEST = -8;
  private static final int HIGHEST = 8;
  private static final int WIDTH = 40;

  private Histogram() {}

  /** One line for each power that occurs; the line at the bound is marked. */
  static List<String> lines(Comparison compared) {
    long[] counts = new long[HIGHEST - LOWEST + 2];
    for (int p = 0; p < compared.golden().size(); p++) {
      double ratio = compared.ratio(p);
      if (ratio > 0) {
        int power = Double.isInfinite(ratio) ? HIGHEST + 1 : Math.getExponent(ratio);
        counts[Math.clamp(power, LOWEST, HIGHEST + 1) - LOWEST]++;
      }
    }
    long most = 1;
    for (long count : counts) {
      most = Math.max(most, count);
    }
    List<String> lines = new ArrayList<>();
    lines.add("errors in units of the bound, by powers of 2 (from 2^0 on they fail)");
    for (int c = 0; c < counts.length; c++) {
      if (counts[c] > 0) {
        int bar = (int) Math.max(1, WIDTH * counts[c] / most);
        lines.add("%s %s %d".formatted(label(c + LOWEST), "*".repeat(bar), counts[c]));
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
