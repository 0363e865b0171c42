package dev.assay.cli.picture;

import dev.assay.cli.picture.Canvas.Anchor;
import dev.assay.cli.picture.Canvas.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the colours mean: a line or more of kinds, and a bar of weights. */
final class Legend {
  private static final double LINE = 20;
  private static final double BAR = 190;
  private static final double SWATCH = 11;

  private record Item(String text, int colour) {
    double width() {
      return SWATCH + 6 + Style.LABEL.width(text) + 16;
    }
  }

  private final List<List<Item>> lines = new ArrayList<>();
  private final HeatScale scale;

  Legend(AttentionGrids grids, double width) {
    this.scale = grids.scale();
    double used = 0;
    lines.add(new ArrayList<>());
    for (Item item : items(grids)) {
      if (used > 0 && used + item.width() > width) {
        lines.add(new ArrayList<>());
        used = 0;
      }
      lines.getLast().add(item);
      used += item.width();
    }
  }

  private static List<Item> items(AttentionGrids grids) {
    long[] counts = grids.counts();
    long all = Math.max(1, java.util.Arrays.stream(counts).sum());
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
    return String.format(Locale.ROOT, "%s  %.1f %%", name, 100.0 * count / all);
  }

  double height() {
    return lines.size() * LINE + 44;
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
    bar(canvas, x, below + 4);
  }

  private void bar(Canvas canvas, double x, double y) {
    canvas.text(x, y + SWATCH - 1, "weight", Style.LABEL, Anchor.START);
    double left = x + 50;
    int[] ramp = new int[(int) BAR];
    for (int p = 0; p < ramp.length; p++) {
      ramp[p] = Palette.opaque(Palette.heat(p / (BAR - 1)), 1);
    }
    canvas.image(left, y, BAR, SWATCH, new Pixels(ramp.length, 1, ramp));
    int decades = scale.high() - scale.low();
    for (int e = scale.low(); e <= scale.high(); e += decades > 5 ? 2 : 1) {
      double at = left + BAR * (e - scale.low()) / decades;
      canvas.line(at, y + SWATCH, at, y + SWATCH + 4);
      canvas.text(at, y + SWATCH + 15, HeatScale.label(e), Style.TICK, Anchor.MIDDLE);
    }
  }
}
