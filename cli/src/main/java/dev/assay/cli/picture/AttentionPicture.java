package dev.assay.cli.picture;

import dev.assay.cli.picture.Canvas.Anchor;
import dev.assay.cli.picture.Canvas.Style;
import dev.assay.file.AtomicFile;
import java.awt.AWTError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A page with the attention of a mechanism: for each softmax the pairs that exist, coloured by the
 * rule that lets them, and the weights of every head.
 */
public final class AttentionPicture {
  private static final double MARGIN = 22;
  private static final double LINE = 17;
  private static final double WIDEST = 440;

  /** A row of panels. */
  private record Strip(String heading, List<Panel> panels) {}

  private final String title;
  private final List<String> notes;
  private final AttentionGrids grids;
  private final List<Strip> strips = new ArrayList<>();
  private final double side;

  /**
   * A page.
   *
   * @param title the first line
   * @param notes lines beneath it
   * @param grids what to draw
   */
  public AttentionPicture(String title, List<String> notes, AttentionGrids grids) {
    this.title = title;
    this.notes = List.copyOf(notes);
    this.grids = grids;
    for (int s = 0; s < grids.softmaxes().size(); s++) {
      int all = grids.softmaxes().size();
      String heading = all == 1 ? "" : "softmax %d of %d".formatted(s + 1, all);
      addStrips(heading, grids.softmaxes().get(s));
    }
    int columns = strips.stream().mapToInt(strip -> strip.panels().size()).max().orElse(1);
    this.side = side(columns);
  }

  private void addStrips(String heading, List<HeadGrid> heads) {
    List<Panel> patterns = new ArrayList<>();
    List<Panel> weights = new ArrayList<>();
    boolean alike = heads.stream().allMatch(heads.getFirst()::samePattern);
    for (int h = 0; h < heads.size(); h++) {
      HeadGrid head = heads.get(h);
      String of = heads.size() == 1 ? "" : ", head " + h;
      if (h == 0 || !alike) {
        String pattern = "pattern" + (alike ? "" : of) + ": " + density(head);
        patterns.add(panel(pattern, head.pattern(grids.colours()), head));
      }
      weights.add(panel("weights" + of, head.heat(grids.scale()), head));
    }
    if (patterns.size() + weights.size() <= 4) {
      patterns.addAll(weights);
      weights.clear();
    }
    wrap(heading, patterns);
    wrap(patterns.isEmpty() ? heading : "", weights);
  }

  private static String density(HeadGrid head) {
    double percent = 100.0 * head.count() / Math.max(1, (long) head.queries() * head.keys());
    return head.count() == 0
        ? "no pairs"
        : String.format(
            Locale.ROOT, percent < 1 ? "%.3f %% of pairs" : "%.1f %% of pairs", percent);
  }

  private static Panel panel(String title, Pixels pixels, HeadGrid head) {
    return new Panel(title, pixels, head.queries(), head.keys());
  }

  private void wrap(String heading, List<Panel> panels) {
    int columns = panels.size() <= 4 ? panels.size() : panels.size() <= 6 ? 3 : 4;
    for (int from = 0; from < panels.size(); from += columns) {
      int to = Math.min(from + columns, panels.size());
      strips.add(new Strip(from == 0 ? heading : "", panels.subList(from, to)));
    }
  }

  /** A side that gives every cell the same whole number of pixels, two to a point. */
  private double side(int columns) {
    double wanted = columns <= 2 ? WIDEST : columns == 3 ? 0.8 * WIDEST : 0.64 * WIDEST;
    int cells =
        strips.stream()
            .flatMap(strip -> strip.panels().stream())
            .mapToInt(panel -> Math.max(panel.pixels().width(), panel.pixels().height()))
            .max()
            .orElse(1);
    return Math.max(1, (int) (2 * wanted / cells)) * cells / 2.0;
  }

  /**
   * Writes the page by the end of the file's name, .png or .svg.
   *
   * @throws IOException with one sentence, if it cannot be written; nothing half-written remains
   */
  public void write(Path file) throws IOException {
    boolean svg = file.toString().toLowerCase(Locale.ROOT).endsWith(".svg");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      double width = width();
      Legend legend = new Legend(grids, width - 2 * MARGIN);
      double height = height(legend);
      Canvas canvas = svg ? new SvgCanvas(width, height) : new PngCanvas(width, height);
      draw(canvas, legend);
      canvas.writeTo(bytes);
    } catch (AWTError | NoClassDefFoundError | UnsatisfiedLinkError noFonts) {
      throw new IOException(
          file + " could not be drawn: this machine has no fonts for Java: name an .svg file",
          noFonts);
    }
    AtomicFile.write(file, bytes.toByteArray());
  }

  private double width() {
    double widest =
        strips.stream()
            .mapToDouble(
                strip ->
                    strip.panels().stream()
                        .mapToDouble(p -> Panel.LEFT + p.width(side) + Panel.RIGHT)
                        .sum())
            .max()
            .orElse(0);
    double text = Style.TITLE.width(title);
    for (String note : notes) {
      text = Math.max(text, Style.NOTE.width(note));
    }
    return Math.ceil(2 * MARGIN + Math.max(widest, text));
  }

  private double top() {
    return MARGIN + 14 + notes.size() * LINE + 14;
  }

  private double height(Strip strip) {
    double tallest = strip.panels().stream().mapToDouble(p -> p.height(side)).max().orElse(0);
    return heading(strip) + Panel.TOP + tallest + Panel.BOTTOM;
  }

  private static double heading(Strip strip) {
    return strip.heading().isEmpty() ? 0 : LINE + 4;
  }

  private double height(Legend legend) {
    double strip = strips.stream().mapToDouble(this::height).sum();
    return Math.ceil(top() + strip + 8 + legend.height() + MARGIN / 2);
  }

  private void draw(Canvas canvas, Legend legend) {
    canvas.text(MARGIN, MARGIN + 14, title, Style.TITLE, Anchor.START);
    double y = MARGIN + 16;
    for (String note : notes) {
      y += LINE;
      canvas.text(MARGIN, y, note, Style.NOTE, Anchor.START);
    }
    y = top();
    for (Strip strip : strips) {
      double x = MARGIN + Panel.LEFT;
      double panels = y + heading(strip) + Panel.TOP;
      canvas.text(MARGIN, y + 10, strip.heading(), Style.NOTE, Anchor.START);
      for (Panel panel : strip.panels()) {
        panel.draw(canvas, x, panels, side);
        x += panel.width(side) + Panel.RIGHT + Panel.LEFT;
      }
      y += height(strip);
    }
    legend.draw(canvas, MARGIN + Panel.LEFT, y + 8);
  }
}
