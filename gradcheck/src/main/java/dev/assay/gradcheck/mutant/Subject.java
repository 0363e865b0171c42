package dev.assay.gradcheck.mutant;

import dev.assay.engine.Engine;
import dev.assay.gradcheck.conformance.Alarms;
import dev.assay.gradcheck.golden.GoldenWriter;
import dev.assay.gradcheck.mutant.Mutant.Scope;
import dev.assay.gradcheck.shrink.Trial;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.selected.Moba;
import dev.assay.tensor.Tensor;
import java.util.Map;

/**
 * A wrong kernel that is run.
 *
 * @param mutant which one
 * @param engine that runs its plans
 */
record Subject(Mutant mutant, Engine engine) {
  static Subject of(Mutant mutant) {
    return new Subject(mutant, mutant.kernel());
  }

  /** Whether it is run on a case. A case that must be refused never reaches a kernel. */
  boolean runs(GoldenCase golden) {
    if (golden.result() == Expectation.REFUSE) {
      return false;
    }
    return switch (mutant.scope()) {
      case CORE -> GoldenWriter.isOfCore(golden.family());
      case SUITE -> true;
      case CHOICE -> golden.mechanism() instanceof Moba && golden.expect().containsKey("idx");
    };
  }

  /** The choices that it makes itself. */
  Map<String, Tensor> choices(GoldenCase golden) {
    return mutant.scope() == Scope.CHOICE && golden.mechanism() instanceof Moba moba
        ? Map.of("idx", new PlainChoice(mutant.lines().choice(), moba, golden.inputs()).idx())
        : Map.of();
  }

  /** The wrong kernel as something that can be run on any case. */
  Trial trial() {
    return (golden, reference) -> Alarms.of(golden, reference).compared(engine, choices(golden));
  }
}
