package dev.assay.gradcheck.conformance;

import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Bounds.Reference;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.recipe.RecipeBounds;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bounds of one case, computed once for each class and from one run of the fp64 engine. */
final class CaseBounds {
  private final Map<PrecisionClass, Map<String, Tensor>> known =
      new EnumMap<>(PrecisionClass.class);
  private final Function<PrecisionClass, Map<String, Tensor>> bounds;

  private CaseBounds(Function<PrecisionClass, Map<String, Tensor>> bounds) {
    this.bounds = bounds;
  }

  /** For a case of a suite, whose values are proven. */
  CaseBounds(GoldenCase golden, Declared declared) {
    this(golden, declared, Reference.PROVEN);
  }

  CaseBounds(GoldenCase golden, Declared declared, Reference reference) {
    this(new OneRun(golden, declared, reference));
  }

  /** For the sampled rows of a recipe. */
  static CaseBounds of(RecipeCase recipe, Declared declared) {
    return new CaseBounds(precision -> RecipeBounds.of(recipe, precision, declared));
  }

  /** The bounds in a class, by tensor name. */
  synchronized Map<String, Tensor> of(PrecisionClass precision) {
    return known.computeIfAbsent(precision, bounds);
  }

  /** All classes walk the graph of the same run. */
  private static final class OneRun implements Function<PrecisionClass, Map<String, Tensor>> {
    private final GoldenCase golden;
    private final Declared declared;
    private final Reference reference;
    private @Nullable Evaluation evaluation;

    OneRun(GoldenCase golden, Declared declared, Reference reference) {
      this.golden = golden;
      this.declared = declared;
      this.reference = reference;
    }

    @Override
    public Map<String, Tensor> apply(PrecisionClass precision) {
      Evaluation run = evaluation;
      if (run == null) {
        run = Evaluation.lower(golden.mechanism(), golden.inputs(), new ScalarEngine());
        evaluation = run;
      }
      return Bounds.of(run, precision, declared, reference);
    }
  }
}
