package dev.assay.bench.report;

import dev.assay.bench.report.Point.Plot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws the points of a report, each plot as PNG and SVG; plots without points are left out.
 *
 * @param report what was measured
 */
public record Plots(Report report) {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 600;
  private static final String ROOF = "peak and bandwidth measured";

  /** Writes the plots into a folder that exists, and returns the names of the files. */
  public List<String> write(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    for (Plot plot : Plot.values()) {
      Map<String, List<Point>> series = series(plot);
      if (!series.isEmpty()) {
        XYChart chart = chart(plot, series);
        String name = plot.name().toLowerCase(Locale.ROOT);
        try (OutputStream png = Files.newOutputStream(folder.resolve(name + ".png"));
            OutputStream svg = Files.newOutputStream(folder.resolve(name + ".svg"))) {
          ChartEncoder.saveChart(chart, png, "png");
          ChartEncoder.saveChart(chart, svg, "svg");
        }
        names.add(name + ".png");
        names.add(name + ".svg");
      }
    }
    return names;
  }

  private Map<String, List<Point>> series(Plot plot) {
    Map<String, List<Point>> series = new LinkedHashMap<>();
    for (Point point : report.points()) {
      // What is not above 0 has no place on a logarithmic axis.
      if (point.plot() == plot && point.x() > 0 && point.y() > 0) {
        series.computeIfAbsent(point.series(), _ -> new ArrayList<>()).add(point);
      }
    }
    return series;
  }

  private XYChart chart(Plot plot, Map<String, List<Point>> series) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title(plot))
            .xAxisTitle(across(plot))
            .yAxisTitle(up(plot))
            .build();
    // A straight line is to be seen as one; everything else spans powers of ten.
    chart.getStyler().setXAxisLogarithmic(plot != Plot.DENSITY);
    chart.getStyler().setYAxisLogarithmic(plot != Plot.DENSITY);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    series.forEach(
        (name, points) ->
            chart.addSeries(
                name,
                points.stream().mapToDouble(Point::x).toArray(),
                points.stream().mapToDouble(Point::y).toArray()));
    if (plot == Plot.ROOFLINE) {
      roof(chart, series);
    }
    return chart;
  }

  /** Bandwidth times intensity up to the peak, and the peak from there on. */
  private void roof(XYChart chart, Map<String, List<Point>> series) {
    double peak = report.figure(Row.PEAK, report.mostThreads());
    double bandwidth = report.figure(Row.BANDWIDTH, report.mostThreads());
    if (peak <= 0) {
      return;
    }
    double[] x = series.values().stream().flatMap(List::stream).mapToDouble(Point::x).toArray();
    double from = Double.POSITIVE_INFINITY;
    double to = 0;
    for (double intensity : x) {
      from = Math.min(from, intensity / 2);
      to = Math.max(to, 2 * intensity);
    }
    double ridge = bandwidth > 0 ? peak / bandwidth : from;
    ridge = Math.clamp(ridge, from, to);
    double start = bandwidth > 0 ? Math.min(peak, bandwidth * from) : peak;
    XYSeries line =
        chart.addSeries(ROOF, new double[] {from, ridge, to}, new double[] {start, peak, peak});
    line.setMarker(SeriesMarkers.NONE);
  }

  private static String title(Plot plot) {
    return switch (plot) {
      case ROOFLINE -> "Roofline";
      case TIME -> "Time against length";
      case DENSITY -> "Time against density";
      case MEMORY -> "Peak memory against length";
    };
  }

  private static String across(Plot plot) {
    return switch (plot) {
      case ROOFLINE -> "operations for each byte of inputs and results";
      case TIME, MEMORY -> "tokens";
      case DENSITY -> "share of blocks";
    };
  }

  private static String up(Plot plot) {
    return switch (plot) {
      case ROOFLINE -> "GFLOP/s";
      case TIME, DENSITY -> "ms";
      case MEMORY -> "MiB";
    };
  }
}
