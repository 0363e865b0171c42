package dev.assay.gradcheck.conformance;

import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Bounds.Reference;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bounds of one case, computed once for each class and from one run of the fp64 engine. */
final class CaseBounds {
  private final GoldenCase golden;
  private final Map<PrecisionClass, Map<String, Tensor>> known =
      new EnumMap<>(PrecisionClass.class);
  private final boolean scaleInQuery;
  private final Reference reference;
  private @Nullable Evaluation evaluation;

  /** For a case of a suite, whose values are proven. */
  CaseBounds(GoldenCase golden, boolean scaleInQuery) {
    this(golden, scaleInQuery, Reference.PROVEN);
  }

  CaseBounds(GoldenCase golden, boolean scaleInQuery, Reference reference) {
    this.golden = golden;
    this.scaleInQuery = scaleInQuery;
    this.reference = reference;
  }

  /** The bounds in a class, by tensor name. */
  synchronized Map<String, Tensor> of(PrecisionClass precision) {
    return known.computeIfAbsent(precision, p -> Bounds.of(scalar(), p, scaleInQuery, reference));
  }

  private Evaluation scalar() {
    Evaluation run = evaluation;
    if (run == null) {
      run = Evaluation.lower(golden.mechanism(), golden.inputs(), new ScalarEngine());
      evaluation = run;
    }
    return run;
  }
}
