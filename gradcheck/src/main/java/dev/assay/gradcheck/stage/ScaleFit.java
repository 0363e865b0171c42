package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.gate.Comparison;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The factor of the scale that fits the failing rows best: Newton's method on the least squares of
 * error / bound, with the derivative by a difference.
 */
final class ScaleFit {
  private static final double STEP = 0x1p-12;
  private static final int ITERATIONS = 6;

  private ScaleFit() {}

  /** The fault of that factor; empty if there is none other than 1. */
  static Optional<Suspect> of(Evidence evidence, Row row, List<Integer> rows) {
    double factor = 1;
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      factor *= 1 + step(evidence, row, rows, factor);
      if (!(factor > 0.25 && factor < 4)) {
        return Optional.empty();
      }
    }
    String what = String.format(Locale.ROOT, "the scale is multiplied by %.4f", factor);
    return Math.abs(factor - 1) > 1e-7
        ? Optional.of(LogitSuspects.scaled(what, factor))
        : Optional.empty();
  }

  private static double step(Evidence evidence, Row row, List<Integer> rows, double factor) {
    double[] sums = new double[2];
    Suspect here = LogitSuspects.scaled("", factor);
    Suspect beside = LogitSuspects.scaled("", factor * (1 + STEP));
    for (int at : rows) {
      row.of(at);
      RowResult x = here.fault().of(row);
      RowResult y = beside.fault().of(row);
      if (x == null || y == null) {
        continue;
      }
      add(evidence.compared().get("lse"), at, x.lse(), y.lse(), sums);
      int width = x.out().length;
      for (int c = 0; c < width; c++) {
        add(evidence.compared().get("out"), at * width + c, x.out()[c], y.out()[c], sums);
      }
    }
    return sums[1] == 0 ? 0 : sums[0] / sums[1];
  }

  private static void add(@Nullable Comparison each, int p, double x, double y, double[] sums) {
    if (each == null) {
      return;
    }
    double slope = (y - x) / (STEP * each.bound().get(p));
    double error = (each.value().get(p) - x) / each.bound().get(p);
    if (Double.isFinite(slope) && Double.isFinite(error)) {
      sums[0] += slope * error;
      sums[1] += slope * slope;
    }
  }
}
