package dev.assay.cli.picture;

import dev.assay.cli.picture.Canvas.Anchor;
import dev.assay.cli.picture.Canvas.Style;
import dev.assay.train.TrainingRecord.Spread;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Means from 0 to 1 with their deviations: a row for each thing, a mark for each subject in it.
 *
 * @param title what is shown
 * @param note what a reader must know
 * @param subjects names of the marks, in the order of their colours
 * @param rows from the top
 */
public record SpreadPicture(String title, String note, List<String> subjects, List<Row> rows) {
  private static final double TOP = 96;
  private static final double ROW = 22;
  private static final double WIDTH = 420;
  private static final double MARK = 7;
  private static final int TICKS = 5;

  /**
   * One row.
   *
   * @param name at its left
   * @param spreads by subject; not every subject has one
   */
  public record Row(String name, Map<String, Spread> spreads) {}

  /** Writes the picture as SVG. */
  public void writeTo(OutputStream out) throws IOException {
    double left = 30 + rows.stream().mapToDouble(it -> Style.LABEL.width(it.name)).max().orElse(0);
    double height = rows.size() * ROW;
    SvgCanvas canvas = new SvgCanvas(left + WIDTH + 30, TOP + height + 36);
    canvas.text(20, 30, title, Style.TITLE, Anchor.START);
    canvas.text(20, 50, note, Style.NOTE, Anchor.START);
    legend(canvas);
    canvas.panel(left, TOP, WIDTH, height);
    for (int t = 0; t <= TICKS; t++) {
      double x = left + WIDTH * t / TICKS;
      canvas.line(x, TOP, x, TOP + height);
      canvas.text(x, TOP + height + 16, number(t), Style.TICK, Anchor.MIDDLE);
    }
    for (int r = 0; r < rows.size(); r++) {
      row(canvas, rows.get(r), left, TOP + r * ROW);
    }
    canvas.writeTo(out);
  }

  private static String number(int tick) {
    return tick == 0 ? "0" : tick == TICKS ? "1" : "0." + 10 * tick / TICKS;
  }

  private void legend(Canvas canvas) {
    double x = 20;
    for (int s = 0; s < subjects.size(); s++) {
      canvas.swatch(x, 64, MARK, MARK, Palette.kind(s));
      canvas.text(x + 13, 72, subjects.get(s), Style.LABEL, Anchor.START);
      x += 13 + Style.LABEL.width(subjects.get(s)) + 18;
    }
  }

  private void row(Canvas canvas, Row row, double left, double y) {
    double middle = y + ROW / 2;
    canvas.line(left, y, left + WIDTH, y);
    canvas.text(left - 8, middle + 4, row.name, Style.LABEL, Anchor.END);
    double step = ROW / (subjects.size() + 1);
    // From the last, so that the first lies on top where marks meet.
    for (int s = subjects.size() - 1; s >= 0; s--) {
      Spread spread = row.spreads.get(subjects.get(s));
      if (spread != null) {
        double at = y + step * (s + 1);
        double from = left + WIDTH * Math.clamp(spread.mean() - spread.deviation(), 0, 1);
        double to = left + WIDTH * Math.clamp(spread.mean() + spread.deviation(), 0, 1);
        canvas.swatch(from, at - 0.75, to - from, 1.5, Palette.kind(s));
        double mean = left + WIDTH * Math.clamp(spread.mean(), 0, 1);
        canvas.swatch(mean - MARK / 2, at - MARK / 2, MARK, MARK, Palette.kind(s));
      }
    }
  }
}
