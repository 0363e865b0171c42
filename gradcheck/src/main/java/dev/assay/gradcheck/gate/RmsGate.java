package dev.assay.gradcheck.gate;

import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.suite.PrecisionClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Gate G3: the errors together are not unusually large. The root mean square of error / bound, over
 * all cases of a class, is held against a constant of the class; above it stands a warning, for a
 * kernel that used a tenth of its bounds and now uses more than half has changed, though it is not
 * wrong.
 *
 * <p>The constants are about twice what a straightforward kernel of the class was measured to use:
 * bounds grow with the number of keys and errors with its root, so a class whose bound is mostly
 * summation (f64, f32-flash) uses little of it, one whose bound is mostly storage much.
 */
public final class RmsGate {
  private final PrecisionClass precision;
  private final Map<String, double[]> sums = new LinkedHashMap<>();

  /** A gate with the constant of a class. */
  public RmsGate(PrecisionClass precision) {
    this.precision = precision;
  }

  /** The constant of a class. */
  public static double limit(PrecisionClass precision) {
    return switch (precision) {
      case F64, F32_FLASH -> 0.1;
      case BF16_FLASH, FP16_FLASH -> 0.35;
    };
  }

  /** Takes in the compared tensors of a case. */
  public void add(List<GateShare> shares) {
    for (GateShare each : shares) {
      if (each.measured() == 0) {
        continue;
      }
      double[] sum = sums.computeIfAbsent(each.tensor(), _ -> new double[2]);
      sum[0] += each.errorSquares();
      sum[1] += each.measured();
    }
  }

  /** One line for each tensor. */
  public List<GateLine> lines() {
    List<GateLine> lines = new ArrayList<>();
    sums.forEach(
        (tensor, sum) -> {
          double rms = Math.sqrt(sum[0] / sum[1]);
          String text =
              String.format(
                  Locale.ROOT,
                  "RMS of error/bound %.4f (usual: up to %.2f)",
                  rms,
                  limit(precision));
          Outcome outcome = rms <= limit(precision) ? Outcome.PASS : Outcome.WARNING;
          lines.add(new GateLine("G3", tensor, outcome, text));
        });
    return lines;
  }
}
