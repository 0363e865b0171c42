package dev.assay.cli.picture;

import dev.assay.cli.picture.Canvas.Anchor;
import dev.assay.cli.picture.Canvas.Style;

/**
 * A matrix with axes: queries downwards, keys to the right.
 *
 * @param title what it shows
 * @param pixels its cells
 * @param queries n_q
 * @param keys n_k
 */
record Panel(String title, Pixels pixels, int queries, int keys) {
  /** Room for ticks and labels. */
  static final double LEFT = 56;

  static final double TOP = 20;
  static final double BOTTOM = 34;
  static final double RIGHT = 12;

  private static final int[] STEPS = {1, 2, 5};

  double width(double side) {
    return side * keys / longest();
  }

  double height(double side) {
    return side * queries / longest();
  }

  private double longest() {
    return Math.max(1, Math.max(queries, keys));
  }

  /** Draws it with the corner of its cells at (x, y), the longer axis being {@code side} long. */
  void draw(Canvas canvas, double x, double y, double side) {
    double width = width(side);
    double height = height(side);
    canvas.text(x, y - 7, title, Style.LABEL, Anchor.START);
    canvas.panel(x, y, width, height);
    if (pixels.width() > 0 && pixels.height() > 0) {
      canvas.image(x, y, width, height, pixels);
    }
    int step = step((int) longest(), side);
    for (int j = 0; j < keys; j += step) {
      double at = x + (j + 0.5) * width / keys;
      canvas.line(at, y + height + 1, at, y + height + 4);
      canvas.text(at, y + height + 14, String.valueOf(j), Style.TICK, Anchor.MIDDLE);
    }
    for (int i = 0; i < queries; i += step) {
      double at = y + (i + 0.5) * height / queries;
      canvas.line(x - 4, at, x - 1, at);
      canvas.text(x - 6, at + 3.5, String.valueOf(i), Style.TICK, Anchor.END);
    }
    canvas.text(x + width / 2, y + height + 28, "key j", Style.TICK, Anchor.MIDDLE);
    double digits = Style.TICK.width(String.valueOf(Math.max(0, queries - 1)));
    canvas.upwards(x - 15 - digits, y + height / 2, "query i", Style.TICK);
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
