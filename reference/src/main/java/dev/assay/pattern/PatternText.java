package dev.assay.pattern;

import dev.assay.check.Require;

/**
 * Pairs drawn with characters: a row of text for queries, from the top, and a column for keys, from
 * the left.
 */
public final class PatternText {
  /** By bits: 1 for the upper half, 2 for the lower. */
  private static final String HALVES = " ▀▄█";

  private static final String SHADES = " ░▒▓█";

  private PatternText() {}

  /** One character a pair: {@code #} where it exists, {@code .} where it does not. */
  public static String plain(Pairs pairs, int queries, int keys) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < queries; i++) {
      for (int j = 0; j < keys; j++) {
        text.append(pairs.contains(i, j) ? '#' : '.');
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** One key and two queries a character, which makes a square of a square. */
  public static String halves(Pairs pairs, int queries, int keys) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < queries; i += 2) {
      for (int j = 0; j < keys; j++) {
        int upper = pairs.contains(i, j) ? 1 : 0;
        int lower = i + 1 < queries && pairs.contains(i + 1, j) ? 2 : 0;
        text.append(HALVES.charAt(upper + lower));
      }
      text.append('\n');
    }
    return text.toString();
  }

  /**
   * At most so many characters wide: halves if they fit, else each character the shade of the share
   * of its pairs that exist. A character with any pair is never blank, and only one with all is
   * solid.
   */
  public static String fitted(Pairs pairs, int queries, int keys, int columns) {
    Require.positive(columns, "columns");
    if (keys <= columns && queries <= columns) {
      return halves(pairs, queries, keys);
    }
    int width = Math.ceilDiv(Math.max(keys, queries), columns);
    // A character is about twice as high as it is wide.
    int height = 2 * width;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < queries; i += height) {
      for (int j = 0; j < keys; j += width) {
        int last = Math.min(i + height, queries);
        text.append(shade(pairs, i, last, j, Math.min(j + width, keys)));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static char shade(Pairs pairs, int i0, int i1, int j0, int j1) {
    int count = 0;
    for (int i = i0; i < i1; i++) {
      for (int j = j0; j < j1; j++) {
        if (pairs.contains(i, j)) {
          count++;
        }
      }
    }
    int all = (i1 - i0) * (j1 - j0);
    int between = 1 + 3 * count / all;
    return SHADES.charAt(count == 0 ? 0 : count == all ? SHADES.length() - 1 : between);
  }
}
