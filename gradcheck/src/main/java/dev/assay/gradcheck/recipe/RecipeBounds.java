package dev.assay.gradcheck.recipe;

import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import java.util.Map;

/** The bounds of what a recipe expects: those of its small problems, row by row. */
public final class RecipeBounds {
  private RecipeBounds() {}

  /**
   * By the name of the result, in the shape of its samples.
   *
   * @param declared as in {@link Bounds#of}
   */
  public static Map<String, Tensor> of(
      RecipeCase recipe, PrecisionClass precision, Declared declared) {
    return Gathering.of(recipe)
        .sampled(
            problem ->
                Bounds.of(
                    Evaluation.lower(problem.mechanism(), problem.inputs(), new ScalarEngine()),
                    precision,
                    declared,
                    Bounds.Reference.PROVEN));
  }
}
