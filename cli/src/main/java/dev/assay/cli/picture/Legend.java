package dev.assay.cli.picture;

import dev.assay.cli.picture.Canvas.Anchor;
import dev.assay.cli.picture.Canvas.Style;
import dev.assay.cli.picture.Choice.Show;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the colours mean: a line or more of kinds, and a bar of weights. */
final class Legend {
  private static final double LINE = 20;
  private static final double BAR = 192;
  private static final double SWATCH = 11;

  /** Room of the labels of queries, below which the legend stands. */
  private static final double INDENT = 56;

  private record Item(String text, int colour) {
    double width() {
      return SWATCH + 6 + Style.LABEL.width(text) + 16;
    }
  }

  private final List<List<Item>> lines = new ArrayList<>();
  private final HeatScale scale;
  private final boolean weights;
  private final boolean negative;

  Legend(AttentionGrids grids, Set<Show> shows, double width) {
    this.scale = grids.scale();
    this.weights = shows.contains(Show.WEIGHTS);
    this.negative = weights && grids.anyNegative();
    List<Item> items =
        new ArrayList<>(shows.contains(Show.PATTERN) ? items(grids) : List.<Item>of());
    if (shows.contains(Show.DENSITY)) {
      items.add(new Item("blocks: the fuller the darker", Palette.kind(0)));
    }
    double used = 0;
    for (Item item : items) {
      if (lines.isEmpty() || (used > 0 && used + item.width() > width - INDENT)) {
        lines.add(new ArrayList<>());
        used = 0;
      }
      lines.getLast().add(item);
      used += item.width();
    }
  }

  private static List<Item> items(AttentionGrids grids) {
    long[] counts = grids.counts();
    long all = Math.max(1, Arrays.stream(counts).sum());
    List<Item> items = new ArrayList<>();
    int[] colours = grids.colours();
    long others = 0;
    for (int kind : grids.byFrequency()) {
      if (colours[kind] != Palette.OTHER) {
        items.add(new Item(share(grids.kinds().get(kind), counts[kind], all), colours[kind]));
      } else {
        others += counts[kind];
      }
    }
    if (others > 0) {
      items.add(new Item(share("other rules", others, all), Palette.OTHER));
    }
    return items;
  }

  private static String share(String name, long count, long all) {
    return String.format(Locale.ROOT, "%s: %.1f %%", name, 100.0 * count / all);
  }

  double height() {
    return lines.size() * LINE + (weights ? 44 : 8) + (negative ? LINE : 0);
  }

  /** Draws it with its top left corner at (x, y). */
  void draw(Canvas canvas, double x, double y) {
    double below = y;
    for (List<Item> line : lines) {
      double right = x;
      for (Item item : line) {
        canvas.swatch(right, below, SWATCH, SWATCH, item.colour());
        canvas.text(right + SWATCH + 6, below + SWATCH - 1, item.text(), Style.LABEL, Anchor.START);
        right += item.width();
      }
      below += LINE;
    }
    if (negative) {
      bar(canvas, x, below + 4, "below 0", true);
      below += LINE;
    }
    if (weights) {
      bar(canvas, x, below + 4, "weight", false);
      ticks(canvas, x + INDENT, below + 4 + SWATCH);
    }
  }

  private static void bar(Canvas canvas, double x, double y, String name, boolean negative) {
    canvas.text(x, y + SWATCH - 1, name, Style.LABEL, Anchor.START);
    int[] ramp = new int[HeatScale.SHADES];
    Arrays.setAll(ramp, shade -> Palette.opaque(HeatScale.shade(shade, negative), 1));
    canvas.image(x + INDENT, y, BAR, SWATCH, new Pixels(ramp.length, 1, ramp));
  }

  private void ticks(Canvas canvas, double left, double y) {
    int decades = scale.high() - scale.low();
    for (int e = scale.low(); e <= scale.high(); e += decades > 5 ? 2 : 1) {
      double at = left + BAR * (e - scale.low()) / decades;
      canvas.line(at, y, at, y + 4);
      canvas.text(at, y + 15, HeatScale.label(e), Style.TICK, Anchor.MIDDLE);
    }
  }
}
