package dev.assay.cli.picture;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;

/**
 * A small image as vectors: for each colour one path over its cells. Runs of equal cells are drawn
 * as one, in whole numbers; each colour takes the shorter of two spellings, thick lines along rows
 * or rectangles over several. The text depends on the cells alone.
 */
final class CellPaths {
  private final Pixels pixels;

  private CellPaths(Pixels pixels) {
    this.pixels = pixels;
  }

  /** Paths in coordinates of cells, a line each; clear cells have none. */
  static String of(Pixels pixels) {
    CellPaths paths = new CellPaths(pixels);
    Map<Integer, String> lines = new LinkedHashMap<>();
    for (int argb : pixels.argb()) {
      if (argb >>> 24 != 0) {
        lines.computeIfAbsent(argb, paths::line);
      }
    }
    StringBuilder text = new StringBuilder();
    for (Entry<Integer, String> line : lines.entrySet()) {
      text.append(line.getValue());
    }
    return text.toString();
  }

  private String line(int argb) {
    String strokes = strokes(argb);
    String rectangles = rectangles(argb);
    boolean stroked = strokes.length() < rectangles.length();
    return "<path %s=\"#%06x\"%s d=\"%s\"/>\n"
        .formatted(
            stroked ? "class=\"s\" stroke" : "fill",
            argb & 0xFFFFFF,
            opacity(argb >>> 24, stroked ? "stroke" : "fill"),
            stroked ? strokes : rectangles);
  }

  private static String opacity(int alpha, String of) {
    return alpha == 255
        ? ""
        : String.format(Locale.ROOT, " %s-opacity=\"%.2f\"", of, alpha / 255.0);
  }

  private boolean is(int argb, int x, int y) {
    return x < pixels.width() && pixels.argb()[y * pixels.width() + x] == argb;
  }

  /** Where a run of the colour that begins at x ends. */
  private int end(int argb, int x, int y) {
    int end = x;
    while (is(argb, end, y)) {
      end++;
    }
    return end;
  }

  /** Each run of a row as a line; its first point is counted from the end of the line before. */
  private String strokes(int argb) {
    StringBuilder d = new StringBuilder();
    int penX = 0;
    int penY = -1;
    for (int y = 0; y < pixels.height(); y++) {
      for (int x = 0; x < pixels.width(); x++) {
        if (is(argb, x, y)) {
          int end = end(argb, x, y);
          if (penY < 0) {
            // Lines run along the middle of their rows.
            d.append('m').append(x).append(' ').append(y).append(".5");
          } else {
            move(d, x - penX, y - penY);
          }
          d.append('h').append(end - x);
          penX = end;
          penY = y;
          x = end;
        }
      }
    }
    return d.toString();
  }

  /** Runs that stand below each other in several rows as one rectangle. */
  private String rectangles(int argb) {
    StringBuilder d = new StringBuilder();
    int penX = 0;
    int penY = 0;
    for (int y = 0; y < pixels.height(); y++) {
      for (int x = 0; x < pixels.width(); x++) {
        if (!is(argb, x, y)) {
          continue;
        }
        int end = end(argb, x, y);
        if (y == 0 || !isRun(argb, x, end, y - 1)) {
          int below = y + 1;
          while (below < pixels.height() && isRun(argb, x, end, below)) {
            below++;
          }
          move(d, x - penX, y - penY).append('h').append(end - x).append('v').append(below - y);
          d.append('h').append(x - end).append('z');
          penX = x;
          penY = y;
        }
        x = end;
      }
    }
    return d.toString();
  }

  private boolean isRun(int argb, int from, int end, int y) {
    return is(argb, from, y) && (from == 0 || !is(argb, from - 1, y)) && end(argb, from, y) == end;
  }

  private static StringBuilder move(StringBuilder d, int x, int y) {
    return d.append('m').append(x).append(y < 0 ? "" : " ").append(y);
  }
}
