package dev.assay.cli.picture;

import dev.assay.cli.picture.Canvas.Anchor;
import dev.assay.cli.picture.Canvas.Style;
import java.util.List;

/**
 * The tokens along a side of a panel: numbers at round places, or what each token stands for.
 *
 * @param tokens how many there are
 * @param labels one for each token, or none for numbers
 */
record Axis(int tokens, List<String> labels) {
  /** Room of a token whose label can be read. */
  static final double LABELLED = 12;

  private static final int LONGEST = 12;
  private static final int[] STEPS = {1, 2, 5};

  /** An axis with labels where there is one for each token. */
  static Axis of(int tokens, List<String> labels) {
    return new Axis(
        tokens,
        labels.size() == tokens ? labels.stream().map(Axis::shortened).toList() : List.of());
  }

  /** A long token keeps its beginning, and a blank is made visible. */
  private static String shortened(String token) {
    String seen = token.replace(' ', '␣');
    return seen.length() <= LONGEST ? seen : seen.substring(0, LONGEST - 1) + "…";
  }

  /** How far the labels reach from the panel. */
  double room() {
    if (labels.isEmpty()) {
      return Style.TICK.width(String.valueOf(Math.max(0, tokens - 1)));
    }
    return labels.stream().mapToDouble(Style.TICK::width).max().orElse(0);
  }

  private String label(int token) {
    return labels.isEmpty() ? String.valueOf(token) : labels.get(token);
  }

  /** The keys, below the panel; what tokens stand for is written downwards. */
  void across(Canvas canvas, double x, double y, double width, int step) {
    for (int j = 0; j < tokens; j += step) {
      double at = x + (j + 0.5) * width / tokens;
      canvas.line(at, y + 1, at, y + 4);
      if (labels.isEmpty()) {
        canvas.text(at, y + 14, label(j), Style.TICK, Anchor.MIDDLE);
      } else {
        canvas.upwards(at + 3.5, y + 7, label(j), Style.TICK, Anchor.END);
      }
    }
  }

  /** The queries, left of the panel. */
  void down(Canvas canvas, double x, double y, double height, int step) {
    for (int i = 0; i < tokens; i += step) {
      double at = y + (i + 0.5) * height / tokens;
      canvas.line(x - 4, at, x - 1, at);
      canvas.text(x - 6, at + 3.5, label(i), Style.TICK, Anchor.END);
    }
  }

  /**
   * The distance of ticks: every label, or numbers at the round distance that suits both axes.
   *
   * @param side how long the longer of both is
   */
  int step(Axis other, double side) {
    return labels.isEmpty() ? step(Math.max(tokens, other.tokens), side) : 1;
  }

  /** A round distance between ticks: a quarter of a power of two, else 1, 2 or 5 times 10^k. */
  static int step(int tokens, double side) {
    int most = Math.max(2, (int) (side / 45));
    if (Integer.bitCount(tokens) == 1 && tokens >= 8) {
      return tokens / (most >= 8 && tokens >= 16 ? 8 : 4);
    }
    for (int decade = 1; ; decade *= 10) {
      for (int step : STEPS) {
        if (tokens / (step * decade) <= most) {
          return step * decade;
        }
      }
    }
  }
}
