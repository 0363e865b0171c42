package dev.assay.bench.report;

import dev.assay.check.Require;
import java.util.Arrays;
import java.util.List;

/** The few statistics that figures are made of. */
public final class Statistics {
  private Statistics() {}

  /**
   * A straight line.
   *
   * @param intercept its value at 0
   * @param slope its rise
   * @param residual largest distance of a measured value from it, as a share of the line's own
   */
  public record Line(double intercept, double slope, double residual) {
    /** Its value. */
    public double at(double x) {
      return intercept + slope * x;
    }
  }

  /** The middle one, or the mean of the two in the middle. */
  public static double median(List<Double> values) {
    Require.argument(!values.isEmpty(), "there is no median of nothing");
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The line that lies nearest to the values in the sense of least squares of relative distances:
   * with absolute ones a hundredth of the work would not be seen beside the whole of it.
   */
  public static Line line(double[] x, double[] y) {
    Require.argument(
        x.length == y.length && Arrays.stream(x).distinct().count() > 1,
        "a line needs values at two places at least");
    double w = 0;
    double wx = 0;
    double wxx = 0;
    double wy = 0;
    double wxy = 0;
    for (int p = 0; p < x.length; p++) {
      double weight = 1 / (y[p] * y[p]);
      w += weight;
      wx += weight * x[p];
      wxx += weight * x[p] * x[p];
      wy += weight * y[p];
      wxy += weight * x[p] * y[p];
    }
    double slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
    double intercept = (wy - slope * wx) / w;
    double residual = 0;
    for (int p = 0; p < x.length; p++) {
      double fit = intercept + slope * x[p];
      residual = Math.max(residual, Math.abs(y[p] - fit) / Math.abs(fit));
    }
    return new Line(intercept, slope, residual);
  }

  /**
   * How far values are from proportional: the largest of {@code |y / (c x) - 1|}, with the c that
   * makes the sum of the squares of these least.
   */
  public static double deviationFromProportional(double[] x, double[] y) {
    Require.argument(x.length == y.length && x.length > 0, "there is nothing to compare");
    double sum = 0;
    double squares = 0;
    for (int p = 0; p < x.length; p++) {
      double rate = y[p] / x[p];
      sum += rate;
      squares += rate * rate;
    }
    double c = squares / sum;
    double worst = 0;
    for (int p = 0; p < x.length; p++) {
      worst = Math.max(worst, Math.abs(y[p] / x[p] / c - 1));
    }
    return worst;
  }
}
