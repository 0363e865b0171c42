package dev.assay.gradcheck.shrink;

import dev.assay.engine.Engine;
import dev.assay.gradcheck.bound.Bounds.Reference;
import dev.assay.gradcheck.conformance.Alarms;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.suite.GoldenCase;
import java.util.List;

/** Something that can be run again on a changed case: an engine, a program behind a pipe. */
@FunctionalInterface
public interface Trial {
  /**
   * The results for a case, each held against what is right; empty if there are none.
   *
   * @param reference where the right values come from
   */
  List<Comparison> compared(GoldenCase golden, Reference reference);

  /** The same for a case of a suite. */
  default List<Comparison> compared(GoldenCase golden) {
    return compared(golden, Reference.PROVEN);
  }

  /** An engine, in its own class of precision. */
  static Trial of(Engine engine) {
    return (golden, reference) -> Alarms.of(golden, reference).compared(engine);
  }
}
