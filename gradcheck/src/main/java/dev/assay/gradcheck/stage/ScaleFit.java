package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.guess.FactorStep;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The factor of the scale that fits the failing rows best, by {@link FactorStep}. */
final class ScaleFit {
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
    FactorStep newton = new FactorStep();
    Comparison lse = evidence.compared().get("lse");
    Comparison out = evidence.compared().get("out");
    Suspect here = LogitSuspects.scaled("", factor);
    Suspect beside = LogitSuspects.scaled("", factor * (1 + FactorStep.DIFFERENCE));
    for (int at : rows) {
      row.of(at);
      RowResult x = here.fault().of(row);
      RowResult y = beside.fault().of(row);
      if (x == null || y == null) {
        continue;
      }
      if (lse != null) {
        newton.add(lse, at, x.lse(), y.lse());
      }
      int width = x.out().length;
      for (int c = 0; c < width && out != null; c++) {
        newton.add(out, at * width + c, x.out()[c], y.out()[c]);
      }
    }
    return newton.step();
  }
}
