package dev.assay.gradcheck.shrink;

import dev.assay.engine.Engine;
import dev.assay.gradcheck.conformance.Alarms;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.suite.GoldenCase;
import java.util.List;
import java.util.Map;

/** Something that can be run again on a changed case: an engine, a program behind a pipe. */
@FunctionalInterface
public interface Trial {
  /** The results for a case, each held against what is right; empty if there are none. */
  List<Comparison> compared(GoldenCase golden);

  /** An engine, in its own class of precision. */
  static Trial of(Engine engine) {
    return golden -> Alarms.of(golden).compared(engine, Map.of());
  }
}
