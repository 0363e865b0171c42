package dev.assay.gradcheck.gradient;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The derivative of a function of one variable at 0, by central differences over halving steps and
 * Richardson extrapolation to step 0. After one extrapolation it is the five-point formula. The
 * error estimate is the largest change against the two neighbours in the table, and the entry with
 * the smallest estimate wins. Source: Ridders, "Accurate computation of F'(x) and F'(x) F''(x)",
 * Advances in Engineering Software 4 (1982).
 *
 * @param value the derivative
 * @param error estimate of its error: truncation and rounding
 * @param step the smallest step that it rests on
 */
record Slope(double value, double error, double step) {
  private static final double FIRST_STEP = 0x1p-3;
  private static final double LAST_FIRST_STEP = 0x1p-14;
  private static final int LEVELS = 9;

  /** The slope of a line, or nothing if every stencil would cross a kink. */
  static Optional<Slope> of(Line line) {
    for (double step = FIRST_STEP; step >= LAST_FIRST_STEP; step /= 2) {
      double outermost = central(line, step);
      if (!Double.isNaN(outermost)) {
        return Optional.ofNullable(extrapolate(line, step, outermost));
      }
    }
    return Optional.empty();
  }

  private static double central(Line line, double step) {
    double ahead = line.at(step);
    return Double.isNaN(ahead) ? ahead : (ahead - line.at(-step)) / (2 * step);
  }

  private static @Nullable Slope extrapolate(Line line, double firstStep, double outermost) {
    double[] before = {outermost};
    Slope best = new Slope(outermost, Double.POSITIVE_INFINITY, firstStep);
    double step = firstStep;
    for (int level = 1; level < LEVELS; level++) {
      step /= 2;
      double[] row = new double[level + 1];
      row[0] = central(line, step);
      if (Double.isNaN(row[0])) {
        return null;
      }
      double power = 1;
      for (int order = 1; order <= level; order++) {
        power *= 4;
        row[order] = (power * row[order - 1] - before[order - 1]) / (power - 1);
        double error =
            Math.max(
                Math.abs(row[order] - row[order - 1]), Math.abs(row[order] - before[order - 1]));
        if (error <= best.error()) {
          best = new Slope(row[order], error, step);
        }
      }
      boolean worse = level > 2 && Math.abs(row[level] - before[level - 1]) >= 2 * best.error();
      if (worse || best.error() <= line.rounding(step)) {
        break;
      }
      before = row;
    }
    return best;
  }
}
