package dev.assay.bench.headline;

import dev.assay.bench.report.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What an experiment measured in one JVM.
 *
 * @param values numbers by name
 * @param points of plots
 * @param wrong what is wrong with the results, in which case nothing was timed; empty if they are
 *     right
 */
record Sample(SequencedMap<String, Double> values, List<Point> points, String wrong) {
  /** Copies the collections. */
  Sample {
    values = new LinkedHashMap<>(values);
    points = new ArrayList<>(points);
  }

  /** Of right results, to be filled. */
  Sample() {
    this(new LinkedHashMap<>(), List.of(), "");
  }

  static Sample ofWrong(String what) {
    return new Sample(new LinkedHashMap<>(), List.of(), what);
  }

  Sample put(String name, double value) {
    values.put(name, value);
    return this;
  }

  Sample plot(Point.Plot plot, String series, double x, double y) {
    points.add(new Point(plot, series, x, y));
    return this;
  }
}
