package dev.assay.gradcheck.conformance;

import dev.assay.gradcheck.conformance.Judge.Judged;
import dev.assay.gradcheck.gate.BiasGate;
import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.gate.RmsGate;
import dev.assay.gradcheck.suite.PrecisionClass;
import java.util.ArrayList;
import java.util.List;

/** The gates that look at all cases together. */
final class Gates {
  private Gates() {}

  /** Their lines, in the order of the cases, so that every bit is the same each time. */
  static List<GateLine> over(List<Judged> cases, PrecisionClass precision) {
    BiasGate bias = new BiasGate(precision);
    RmsGate rms = new RmsGate(precision);
    for (Judged each : cases) {
      bias.add(each.verdict().golden(), each.shares());
      rms.add(each.shares());
    }
    List<GateLine> lines = new ArrayList<>(bias.lines());
    lines.addAll(rms.lines());
    return lines;
  }
}
