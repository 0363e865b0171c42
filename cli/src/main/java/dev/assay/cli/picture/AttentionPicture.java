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
 * A page with the attention of a mechanism: the pairs that exist, coloured by the rule that lets
 * them, the weights of every head, how full blocks are; what of it was chosen.
 */
public final class AttentionPicture {
  /** More tokens than these have no labels that anyone can read. */
  public static final int MOST_LABELS = 64;

  private static final double MARGIN = 22;
  private static final double LINE = 17;

  /** The side of a panel among few, with few cells and with many. */
  private static final double SMALL = 300;

  private static final double LARGE = 440;
  private static final int FEW_CELLS = 64;

  /** Room for notes where panels need less. */
  private static final double NARROWEST = 640;

  private final String title;
  private final List<String> notes;
  private final List<Strip> strips;
  private final Legend legend;
  private final double side;
  private final double width;

  /**
   * A page.
   *
   * @param title the first line
   * @param notes lines beneath it
   * @param grids what to draw
   * @param choice what of it
   * @param tokens what the tokens stand for, one each; none for numbers
   */
  public AttentionPicture(
      String title, List<String> notes, AttentionGrids grids, Choice choice, List<String> tokens) {
    this.title = title;
    List<String> labels = tokens.size() <= MOST_LABELS ? tokens : List.of();
    this.strips = Strip.of(grids, choice, labels);
    this.side = labels.isEmpty() ? side() : Axis.LABELLED * longest();
    double panels = strips.stream().mapToDouble(strip -> strip.width(side)).max().orElse(0);
    double content = Math.max(NARROWEST, Math.max(panels, Style.TITLE.width(title)));
    this.width = Math.ceil(2 * MARGIN + content);
    this.notes = notes.stream().flatMap(note -> wrapped(note, content).stream()).toList();
    this.legend = new Legend(grids, choice.shows(), width - 2 * MARGIN);
  }

  /** Lines that are no wider than the page, broken at blanks. */
  private static List<String> wrapped(String note, double width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : note.split(" ", -1)) {
      if (!line.isEmpty() && Style.NOTE.width(line + " " + word) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private int longest() {
    return strips.stream()
        .flatMap(strip -> strip.panels().stream())
        .mapToInt(panel -> Math.max(panel.queries().tokens(), panel.keys().tokens()))
        .max()
        .orElse(1);
  }

  /** A side that gives every cell the same whole number of pixels, two to a point. */
  private double side() {
    int columns = strips.stream().mapToInt(strip -> strip.panels().size()).max().orElse(1);
    int cells =
        strips.stream()
            .flatMap(strip -> strip.panels().stream())
            .mapToInt(panel -> Math.max(panel.pixels().width(), panel.pixels().height()))
            .max()
            .orElse(1);
    double widest = cells <= FEW_CELLS ? SMALL : LARGE;
    double wanted = columns <= 2 ? widest : columns == 3 ? 0.8 * widest : 0.64 * widest;
    return Math.max(1, (int) (2 * wanted / cells)) * cells / 2.0;
  }

  /**
   * Writes the page by the end of the file's name, .png or .svg.
   *
   * @throws IOException with one sentence, if it cannot be written; nothing half-written remains
   */
  public void write(Path file) throws IOException {
    boolean svg = file.toString().toLowerCase(Locale.ROOT).endsWith(".svg");
    try {
      AtomicFile.write(file, svg ? svg() : png());
    } catch (AWTError | NoClassDefFoundError | UnsatisfiedLinkError noFonts) {
      throw new IOException(
          file + " could not be drawn: this machine has no fonts for Java: name an .svg file",
          noFonts);
    }
  }

  /** The page as SVG. */
  public byte[] svg() throws IOException {
    return drawn(new SvgCanvas(width, height()));
  }

  private byte[] png() throws IOException {
    return drawn(new PngCanvas(width, height()));
  }

  private byte[] drawn(Canvas canvas) throws IOException {
    draw(canvas);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    canvas.writeTo(bytes);
    return bytes.toByteArray();
  }

  private double top() {
    return MARGIN + 14 + notes.size() * LINE + 14;
  }

  private double height() {
    double all = strips.stream().mapToDouble(strip -> strip.height(side)).sum();
    return Math.ceil(top() + all + 8 + legend.height() + MARGIN / 2);
  }

  private void draw(Canvas canvas) {
    canvas.text(MARGIN, MARGIN + 14, title, Style.TITLE, Anchor.START);
    double y = MARGIN + 16;
    for (String note : notes) {
      y += LINE;
      canvas.text(MARGIN, y, note, Style.NOTE, Anchor.START);
    }
    y = top();
    for (Strip strip : strips) {
      double x = MARGIN;
      if (!strip.heading().isEmpty()) {
        canvas.text(MARGIN, y + 10, strip.heading(), Style.NOTE, Anchor.START);
      }
      for (Panel panel : strip.panels()) {
        panel.draw(canvas, x + panel.left(), y + strip.above() + Panel.TOP, side);
        x += panel.breadth(side);
      }
      y += strip.height(side);
    }
    double left = strips.isEmpty() ? 0 : strips.getFirst().panels().getFirst().left();
    legend.draw(canvas, MARGIN + left, y + 8);
  }
}
