package dev.assay.cli.picture;

import dev.assay.cli.picture.Canvas.Anchor;
import dev.assay.cli.picture.Canvas.Style;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Curves on logarithmic axes: plots beside each other with one scale of y, so that they compare. A
 * name has one colour in all of them. What is not above 0, or not finite, has no place: there a
 * curve has a gap.
 *
 * @param title what is shown
 * @param note what a reader must know
 * @param across what x is
 * @param names of curves, in the order of their colours; {@link Curve#guide} ones have none
 * @param plots from left to right, then below
 */
public record CurvePicture(
    String title, String note, String across, List<String> names, List<Plot> plots) {
  private static final int COLUMNS = 3;
  private static final double WIDTH = 250;
  private static final double HEIGHT = 210;
  private static final double LEFT = 58;
  private static final double TOP = 96;
  private static final double DOWN = HEIGHT + 76;
  private static final double RIGHT = WIDTH + 52;
  private static final double MARK = 5;

  /**
   * One plot.
   *
   * @param title above it
   * @param curves in it; the first lie on top
   */
  public record Plot(String title, List<Curve> curves) {}

  /**
   * One curve.
   *
   * @param name one of the names, or of a guide what stands at its end
   * @param guide whether it is drawn thin and dashed, to compare with
   * @param x above 0, rising
   * @param y for each x
   */
  public record Curve(String name, boolean guide, List<Double> x, List<Double> y) {
    Stream<Double> shown() {
      return y.stream().filter(CurvePicture::hasPlace);
    }
  }

  private static boolean hasPlace(double y) {
    return y > 0 && y < Double.POSITIVE_INFINITY;
  }

  /** Writes the picture as SVG. */
  public void writeTo(OutputStream out) throws IOException {
    int columns = Math.min(COLUMNS, plots.size());
    int rows = (plots.size() + columns - 1) / columns;
    double words = Math.max(Style.NOTE.width(note), legendWidth());
    double width = Math.max(LEFT + columns * RIGHT - 20, words + 40);
    SvgCanvas canvas = new SvgCanvas(width, TOP + rows * DOWN);
    canvas.text(20, 30, title, Style.TITLE, Anchor.START);
    canvas.text(20, 50, note, Style.NOTE, Anchor.START);
    legend(canvas);
    Scale vertical = vertical();
    for (int p = 0; p < plots.size(); p++) {
      int row = p / columns;
      double left = LEFT + p % columns * RIGHT;
      double top = TOP + 18 + row * DOWN;
      draw(canvas, plots.get(p), new Frame(left, top, horizontal(), vertical));
    }
    canvas.writeTo(out);
  }

  private double legendWidth() {
    return names.stream().mapToDouble(name -> 31 + Style.LABEL.width(name)).sum();
  }

  private void legend(SvgCanvas canvas) {
    double x = 20;
    for (int n = 0; n < names.size() && names.size() > 1; n++) {
      canvas.swatch(x, 64, 8, 8, Palette.kind(n));
      canvas.text(x + 13, 72, names.get(n), Style.LABEL, Anchor.START);
      x += 31 + Style.LABEL.width(names.get(n));
    }
  }

  /** From the first x to the last. */
  private Scale horizontal() {
    SequencedSet<Double> all = new TreeSet<>();
    plots.forEach(plot -> plot.curves.forEach(curve -> all.addAll(curve.x)));
    return new Scale(all.getFirst(), all.getLast(), List.copyOf(all));
  }

  /** Whole decades around all that is shown but guides, which may leave. */
  private Scale vertical() {
    List<Double> all =
        plots.stream()
            .flatMap(plot -> plot.curves.stream())
            .filter(curve -> !curve.guide)
            .flatMap(Curve::shown)
            .sorted()
            .toList();
    int least = all.isEmpty() ? 0 : (int) Math.floor(Math.log10(all.getFirst()));
    int most = all.isEmpty() ? 1 : (int) Math.ceil(Math.log10(all.getLast()));
    most = Math.max(most, least + 1);
    List<Double> ticks = new ArrayList<>();
    int step = (most - least + 7) / 8;
    for (int decade = least; decade <= most; decade += step) {
      ticks.add(Math.pow(10, decade));
    }
    return new Scale(Math.pow(10, least), Math.pow(10, most), ticks);
  }

  /** A logarithmic axis. */
  private record Scale(double from, double to, List<Double> ticks) {
    /** Where a value stands, 0 at the beginning and 1 at the end. */
    double place(double value) {
      return to > from ? Math.log(value / from) / Math.log(to / from) : 0.5;
    }
  }

  /** A panel with its scales. */
  private record Frame(double left, double top, Scale x, Scale y) {
    private static final double MARGIN = 12;

    double across(double value) {
      return left + MARGIN + (WIDTH - 2 * MARGIN) * x.place(value);
    }

    double down(double value) {
      return top + HEIGHT * (1 - y.place(value));
    }
  }

  private void draw(SvgCanvas canvas, Plot plot, Frame frame) {
    canvas.text(frame.left, frame.top - 8, plot.title, Style.LABEL, Anchor.START);
    canvas.panel(frame.left, frame.top, WIDTH, HEIGHT);
    for (double tick : frame.y.ticks) {
      double y = frame.down(tick);
      canvas.line(frame.left, y, frame.left + WIDTH, y);
      canvas.text(frame.left - 6, y + 3.5, power(tick), Style.TICK, Anchor.END);
    }
    for (double tick : frame.x.ticks) {
      double x = frame.across(tick);
      canvas.line(x, frame.top + HEIGHT, x, frame.top + HEIGHT + 4);
      canvas.text(x, frame.top + HEIGHT + 16, number(tick), Style.TICK, Anchor.MIDDLE);
    }
    double middle = frame.left + WIDTH / 2;
    canvas.text(middle, frame.top + HEIGHT + 34, across, Style.TICK, Anchor.MIDDLE);
    for (Curve curve : plot.curves.reversed()) {
      curve(canvas, curve, frame);
    }
  }

  private void curve(SvgCanvas canvas, Curve curve, Frame frame) {
    int colour = curve.guide ? Palette.OTHER : Palette.kind(names.indexOf(curve.name));
    List<double[]> run = new ArrayList<>();
    for (int p = 0; p <= curve.x.size(); p++) {
      boolean shown = p < curve.x.size() && isInside(curve, p, frame);
      if (shown) {
        run.add(new double[] {frame.across(curve.x.get(p)), frame.down(curve.y.get(p))});
      } else {
        canvas.curve(run, colour, curve.guide);
        run.clear();
      }
      if (shown && !curve.guide) {
        double[] at = run.getLast();
        canvas.swatch(at[0] - MARK / 2, at[1] - MARK / 2, MARK, MARK, colour);
      }
    }
  }

  private static boolean isInside(Curve curve, int p, Frame frame) {
    double y = curve.y.get(p);
    return hasPlace(y) && (!curve.guide || (y >= frame.y.from && y <= frame.y.to));
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.valueOf((long) value)
        : String.valueOf(value).replaceFirst("^0", "");
  }

  /** A power of ten with its exponent raised. */
  private static String power(double value) {
    String exponent = String.valueOf(Math.round(Math.log10(value)));
    StringBuilder raised = new StringBuilder("10");
    exponent.chars().forEach(c -> raised.append(c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0')));
    return raised.toString();
  }
}
