package dev.assay.gradcheck.conformance;

import dev.assay.gradcheck.bound.Bounds.Reference;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.tensor.Tensor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds that several folders of results share: those of a case are the same for all, so they are
 * computed once. It grows with the suite, not with the number of folders.
 */
public final class KnownBounds {
  private final Map<String, Map<String, Tensor>> known = new ConcurrentHashMap<>();

  /** Those of a recipe. */
  Map<String, Tensor> of(RecipeCase recipe, Declared declared, PrecisionClass precision) {
    return known.computeIfAbsent(
        key(recipe.golden(), declared, precision),
        _ -> CaseBounds.of(recipe, declared).of(precision));
  }

  private static String key(GoldenCase golden, Declared declared, PrecisionClass precision) {
    return golden.name() + " " + precision + " " + declared;
  }

  /** Those of a case; {@code right} is the case under the conventions that were declared. */
  Map<String, Tensor> of(
      GoldenCase golden, GoldenCase right, Declared declared, PrecisionClass precision) {
    // Another convention makes another case, whose right values were computed here.
    return right.equals(golden)
        ? known.computeIfAbsent(
            key(golden, declared, precision), _ -> new CaseBounds(golden, declared).of(precision))
        : new CaseBounds(right, declared, Reference.COMPUTED).of(precision);
  }
}
