package dev.assay.cli.picture;

import dev.assay.cli.picture.Canvas.Anchor;
import dev.assay.cli.picture.Canvas.Style;
import dev.assay.gradcheck.conformance.Alarm;
import dev.assay.gradcheck.mutant.KillMatrix;
import dev.assay.gradcheck.mutant.KillMatrix.CaseColumn;
import dev.assay.gradcheck.mutant.KillMatrix.MutantRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The kill matrix: a row for each wrong kernel, a column for each case, coloured by gate. */
public final class KillMatrixPicture {
  private static final double LEFT = 96;
  private static final double TOP = 158;
  private static final double CELL_WIDTH = 2;
  private static final double CELL_HEIGHT = 5;
  private static final double GAP = 3;
  private static final List<Alarm> ALARMS = List.of(Alarm.values());

  private final KillMatrix matrix;
  private final List<Integer> columns = new ArrayList<>();

  private KillMatrixPicture(KillMatrix matrix) {
    this.matrix = matrix;
    for (int c = 0; c < matrix.cases().size(); c++) {
      int column = c;
      if (matrix.cases().get(c).core()
          || matrix.rows().stream().anyMatch(row -> row.killedBy(column))) {
        columns.add(c);
      }
    }
  }

  /** The picture as SVG. */
  public static String of(KillMatrix matrix) {
    return new KillMatrixPicture(matrix).draw();
  }

  private String draw() {
    double width = columns.size() * CELL_WIDTH;
    double height = matrix.rows().size() * CELL_HEIGHT;
    SvgCanvas canvas = new SvgCanvas(LEFT + width + 24, TOP + height + 48);
    canvas.text(20, 30, "Which case finds which wrong kernel", Style.TITLE, Anchor.START);
    canvas.text(20, 50, subtitle(), Style.NOTE, Anchor.START);
    canvas.panel(LEFT, TOP, width, height);
    canvas.image(LEFT, TOP, width, height, pixels());
    kinds(canvas);
    families(canvas, height);
    legend(canvas, TOP + height + 28);
    ByteArrayOutputStream svg = new ByteArrayOutputStream();
    try {
      canvas.writeTo(svg);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return svg.toString(StandardCharsets.UTF_8);
  }

  private String subtitle() {
    return "%d wrong kernels, %d of them found by the core; %d cases"
        .formatted(matrix.rows().size(), matrix.killedByCore(), columns.size());
  }

  private Pixels pixels() {
    int[] argb = new int[columns.size() * matrix.rows().size()];
    for (int r = 0; r < matrix.rows().size(); r++) {
      for (int c = 0; c < columns.size(); c++) {
        char gate = matrix.rows().get(r).gates().charAt(columns.get(c));
        argb[r * columns.size() + c] = colour(gate);
      }
    }
    return new Pixels(columns.size(), matrix.rows().size(), argb);
  }

  private static int colour(char gate) {
    for (int a = 0; a < ALARMS.size(); a++) {
      if (ALARMS.get(a).letter() == gate) {
        return Palette.opaque(Palette.kind(a), 1);
      }
    }
    return gate == KillMatrix.NOT_RUN ? Palette.opaque(Palette.OTHER, 0.25) : 0;
  }

  /** The kinds of faults, each at its first row. */
  private void kinds(Canvas canvas) {
    String before = "";
    for (int r = 0; r < matrix.rows().size(); r++) {
      MutantRow row = matrix.rows().get(r);
      if (!row.family().equals(before)) {
        double y = TOP + r * CELL_HEIGHT;
        canvas.line(LEFT - 76, y, LEFT - GAP, y);
        canvas.text(LEFT - 6, y + 12, row.family(), Style.LABEL, Anchor.END);
        canvas.text(LEFT - 6, y + 23, "from " + row.id(), Style.TICK, Anchor.END);
        before = row.family();
      }
    }
  }

  /** The families of cases: a line at each, and its name where there is room. */
  private void families(Canvas canvas, double height) {
    int begin = 0;
    for (int c = 1; c <= columns.size(); c++) {
      if (c == columns.size() || !family(c).equals(family(begin))) {
        double x = LEFT + begin * CELL_WIDTH;
        canvas.line(x, TOP - GAP, x, TOP + height);
        if (c - begin >= 5) {
          String name = family(begin).replace("hierarchical-chunking", "chunking");
          canvas.upwards(
              x + (c - begin) * CELL_WIDTH / 2 + 4,
              TOP - 6 - Style.TICK.width(name) / 2,
              name,
              Style.TICK,
              Anchor.MIDDLE);
        }
        begin = c;
      }
    }
  }

  private String family(int column) {
    CaseColumn found = matrix.cases().get(columns.get(column));
    return found.family();
  }

  private void legend(Canvas canvas, double y) {
    double x = 20;
    for (int a = 0; a < ALARMS.size(); a++) {
      String name = ALARMS.get(a).name().toLowerCase(Locale.ROOT);
      canvas.swatch(x, y - 10, 11, 11, Palette.kind(a));
      canvas.text(x + 17, y, name, Style.LABEL, Anchor.START);
      x += 17 + Style.LABEL.width(name) + 18;
    }
    canvas.swatch(x, y - 10, 11, 11, Palette.OTHER);
    canvas.text(x + 17, y, "not run", Style.LABEL, Anchor.START);
  }
}
