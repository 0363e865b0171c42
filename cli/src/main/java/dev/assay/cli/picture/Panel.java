package dev.assay.cli.picture;

import dev.assay.cli.picture.Canvas.Anchor;
import dev.assay.cli.picture.Canvas.Style;

/**
 * A matrix with axes: queries downwards, keys to the right.
 *
 * @param title what it shows
 * @param pixels its cells
 * @param queries the axis downwards
 * @param keys the axis to the right
 */
record Panel(String title, Pixels pixels, Axis queries, Axis keys) {
  static final double TOP = 20;
  static final double RIGHT = 12;

  double width(double side) {
    return side * keys.tokens() / longest();
  }

  double height(double side) {
    return side * queries.tokens() / longest();
  }

  /** Room for the labels of queries. */
  double left() {
    return 30 + Math.max(26, queries.room());
  }

  /** Room for the labels of keys. */
  double bottom() {
    return keys.labels().isEmpty() ? 34 : 28 + keys.room();
  }

  /** From the left edge of its labels to the right, with a little air; titles are not cut. */
  double breadth(double side) {
    return left() + Math.max(width(side), Style.LABEL.width(title)) + RIGHT;
  }

  private double longest() {
    return Math.max(1, Math.max(queries.tokens(), keys.tokens()));
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
    keys.across(canvas, x, y + height, width, keys.step(queries, side));
    queries.down(canvas, x, y, height, queries.step(keys, side));
    canvas.text(x + width / 2, y + height + bottom() - 6, "key j", Style.TICK, Anchor.MIDDLE);
    canvas.upwards(x - 15 - queries.room(), y + height / 2, "query i", Style.TICK, Anchor.MIDDLE);
  }
}
