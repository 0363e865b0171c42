package dev.assay.gradcheck.precision;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The errors of one result on one machine along a sweep.
 *
 * @param against what changes
 * @param machine on which
 * @param tensor out, lse or a gradient
 * @param points by rising x
 */
public record Curve(Sweep.Axis against, Machine machine, String tensor, List<Point> points) {
  /**
   * A point.
   *
   * @param x what the axis became
   * @param errors found there
   */
  public record Point(double x, Errors errors) {}

  /**
   * The slope of log error over log x, by least squares over the points that have an error; empty
   * where fewer than two have.
   */
  public OptionalDouble slope() {
    List<Point> usable =
        points.stream()
            .filter(point -> point.errors.rms() > 0 && Double.isFinite(point.errors.rms()))
            .toList();
    if (usable.size() < 2) {
      return OptionalDouble.empty();
    }
    double[] x = usable.stream().mapToDouble(point -> StrictMath.log(point.x)).toArray();
    double[] y = usable.stream().mapToDouble(point -> StrictMath.log(point.errors.rms())).toArray();
    double meanX = mean(x);
    double meanY = mean(y);
    double both = 0;
    double square = 0;
    for (int p = 0; p < x.length; p++) {
      both += (x[p] - meanX) * (y[p] - meanY);
      square += (x[p] - meanX) * (x[p] - meanX);
    }
    return square > 0 ? OptionalDouble.of(both / square) : OptionalDouble.empty();
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
