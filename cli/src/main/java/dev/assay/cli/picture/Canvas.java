package dev.assay.cli.picture;

import java.io.IOException;
import java.io.OutputStream;

/** What a picture is drawn on; lengths in points, the origin at the top left. */
interface Canvas {
  /** How a text looks. */
  enum Style {
    TITLE(17, true),
    NOTE(12, false),
    LABEL(11.5, false),
    TICK(10, false);

    final double size;
    final boolean strong;

    Style(double size, boolean strong) {
      this.size = size;
      this.strong = strong;
    }

    /** About how wide a text is: layout needs no better, and must not depend on fonts. */
    double width(String text) {
      return text.length() * size * (strong ? 0.62 : 0.56);
    }
  }

  /** Which part of a text stands at its place. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** A line of text with its baseline at y. */
  void text(double x, double y, String text, Style style, Anchor anchor);

  /** A text that runs upwards; the anchor tells which part of it stands at y. */
  void upwards(double x, double y, String text, Style style, Anchor anchor);

  /** A filled rectangle in a colour of its own. */
  void swatch(double x, double y, double width, double height, int rgb);

  /** The ground of a panel with its frame. */
  void panel(double x, double y, double width, double height);

  /** A thin line in the colour of the frames. */
  void line(double x1, double y1, double x2, double y2);

  /** An image, its pixels sharp. */
  void image(double x, double y, double width, double height, Pixels pixels);

  /** Writes the finished picture. */
  void writeTo(OutputStream out) throws IOException;
}
