package dev.assay.gradcheck.conformance;

import dev.assay.gradcheck.conformance.Attempt.Given;
import dev.assay.gradcheck.conformance.Attempt.Nothing;
import dev.assay.gradcheck.conformance.Attempt.Results;
import dev.assay.gradcheck.recipe.WholeRecipe;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What engines answer to recipes: each is run on all of its inputs, and the sampled rows of its
 * results are kept. One recipe at a time, for each may fill the memory that is permitted.
 */
final class RecipeAttempts {
  /** Inputs and results are held in the engine's storage besides, and gradients on their way. */
  private static final int COPIES = 3;

  private static final Object ONE_AT_A_TIME = new Object();

  private RecipeAttempts() {}

  /**
   * One answer for each engine.
   *
   * @param memory bytes that the tensors may take
   */
  static List<Attempt> of(RecipeCase recipe, List<EngineAttempts> engines, long memory) {
    Optional<String> tooLarge = tooLarge(recipe, memory, Runtime.getRuntime().maxMemory());
    if (tooLarge.isPresent()) {
      Attempt no = new Nothing(Status.NOT_SUPPORTED, tooLarge.get());
      return engines.stream().map(_ -> no).toList();
    }
    synchronized (ONE_AT_A_TIME) {
      GoldenCase whole = Recast.of(recipe.golden(), WholeRecipe.inputs(recipe));
      return engines.stream().map(engine -> sampled(recipe, engine.at(whole))).toList();
    }
  }

  /** Why a recipe is not run; empty if it is. */
  static Optional<String> tooLarge(RecipeCase recipe, long memory, long heap) {
    if (!WholeRecipe.fitsArrays(recipe)) {
      return Optional.of("needs a tensor of more elements than an array of Java holds");
    }
    long bytes = WholeRecipe.bytes(recipe);
    String needs = String.format(Locale.ROOT, "needs %.1f GB for its tensors", bytes / 1e9);
    if (bytes > memory) {
      long permit = Math.ceilDiv(bytes, 1_000_000_000L);
      return Optional.of(needs + ": '--memory %d' permits it".formatted(permit));
    }
    return bytes > heap / COPIES
        ? Optional.of(
            needs + ", and Java needs %d times as much: give it more with -Xmx".formatted(COPIES))
        : Optional.empty();
  }

  private static Attempt sampled(RecipeCase recipe, Attempt attempt) {
    if (!(attempt instanceof Results results)) {
      return attempt;
    }
    Map<String, Tensor> whole = new LinkedHashMap<>();
    results.tensors().forEach((name, given) -> whole.put(name, given.value()));
    Map<String, Tensor> rows = WholeRecipe.sampled(recipe, whole);
    Map<String, Given> sampled = new LinkedHashMap<>();
    results
        .tensors()
        .forEach(
            (name, given) ->
                sampled.put(name, new Given(rows.getOrDefault(name, given.value()), given.type())));
    return new Results(sampled, results.unsupported());
  }
}
