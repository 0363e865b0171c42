package dev.assay.gradcheck.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.certified.Certificate;
import dev.assay.gradcheck.certified.Certifier;
import dev.assay.gradcheck.recipe.RecipeBounds;
import dev.assay.gradcheck.recipe.WholeRecipe;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Recipes so small that the whole of them can be computed too: what is gathered for the samples is
 * what the whole problem gives there. Every kind of mask of the real recipes is among them.
 */
class GatheredRecipesTest {
  static Stream<RecipeDraft> small() {
    return Stream.of(
        RecipeDraft.of(901, "lengths", DType.BF16, Configured.dense("causal=true"))
            .qkv(List.of(2, 4, 3, 8), List.of(2, 2, 41, 8))
            .give("k_lens", 41, 20)
            .queries(0, 0, 0, 2)
            .queries(0, 3, 1)
            .queries(1, 1, 2),
        RecipeDraft.of(902, "pages", DType.F16, Configured.dense("causal=true"))
            .qkv(List.of(2, 2, 1, 4), List.of(9, 2, 8, 4))
            .give("page_table", Tensor.of(Shape.of(2, 4), 7, 2, 5, 0, 1, 8, 3, 0))
            .give("k_lens", 27, 17)
            .queries(0, 0, 0)
            .queries(1, 1, 0),
        RecipeDraft.of(903, "window", DType.F32, Configured.window(9))
            .qkv(List.of(1, 4, 50, 4), List.of(1, 2, 50, 4))
            .backward()
            .queries(0, 0, 0, 8, 9, 49)
            .queries(0, 3, 17)
            .keys(0, 0, 0, 20, 49)
            .keys(0, 1, 33),
        RecipeDraft.of(904, "both-sides", DType.F32, Configured.window(5, "causal=false"))
            .qkv(List.of(2, 2, 30, 4), List.of(2, 1, 30, 4))
            .queries(1, 1, 0, 14, 29),
        RecipeDraft.of(905, "blocks", DType.F16, Configured.blocks(16, "causal=true"))
            .qkv(List.of(1, 1, 64, 4), List.of(1, 1, 64, 4))
            .give("row_ptr", 0, 1, 3, 5, 7)
            .give("col_idx", 0, 0, 1, 0, 2, 1, 3)
            .backward()
            .queries(0, 0, 0, 15, 16, 40, 63)
            .keys(0, 0, 3, 17, 63),
        RecipeDraft.of(906, "packed", DType.BF16, Configured.dense("causal=true"))
            .qkv(List.of(1, 4, 40, 4), List.of(1, 2, 40, 4))
            .give("cu_seqlens_q", 0, 1, 14, 14, 40)
            .give("cu_seqlens_k", 0, 1, 14, 14, 40)
            .queries(0, 0, 0, 13)
            .queries(0, 3, 14, 39),
        RecipeDraft.of(907, "bias", DType.F32, Configured.dense("softcap=3"))
            .qkv(List.of(1, 2, 21, 4), List.of(1, 1, 21, 4))
            .draw("bias", List.of(1, 2, 21, 21))
            .queries(0, 0, 0, 20)
            .queries(0, 1, 11),
        RecipeDraft.of(908, "causal", DType.BF16, Configured.dense("causal=true"))
            .qkv(List.of(2, 2, 20, 4), List.of(2, 2, 20, 4))
            .backward()
            .queries(1, 0, 0, 19)
            .keys(1, 0, 0, 12)
            .keys(0, 1, 19));
  }

  private static RecipeCase recipe(RecipeDraft draft) throws IOException {
    draft.says("A recipe of a test.", "Basic");
    return new Recipes((_, _) -> "BASIC").compute(draft).recipe();
  }

  @ParameterizedTest
  @MethodSource("small")
  void what_is_expected_of_a_row_is_the_true_value_of_the_whole_problem(RecipeDraft draft)
      throws IOException {
    RecipeCase recipe = recipe(draft);
    Evaluation whole = Evaluation.define(recipe.golden().mechanism(), WholeRecipe.inputs(recipe));
    Map<String, Tensor> proven = new LinkedHashMap<>();
    SequencedMap<String, Certificate> certificates = new Certifier().certify(whole);
    certificates.forEach((name, certificate) -> proven.put(name, certificate.value()));
    Map<String, Tensor> sampled = WholeRecipe.sampled(recipe, proven);
    recipe
        .golden()
        .expect()
        .forEach(
            (name, expected) ->
                assertTrue(
                    expected.bitEquals(Objects.requireNonNull(sampled.get(name))),
                    draft.name() + " " + name));
    assertEquals(draft.results(), List.copyOf(recipe.golden().expect().keySet()));
  }

  @ParameterizedTest
  @MethodSource("small")
  void the_bounds_of_a_row_are_those_of_the_whole_problem(RecipeDraft draft) throws IOException {
    RecipeCase recipe = recipe(draft);
    Evaluation whole =
        Evaluation.lower(
            recipe.golden().mechanism(), WholeRecipe.inputs(recipe), new ScalarEngine());
    for (String id : recipe.golden().classes()) {
      PrecisionClass precision = PrecisionClass.find(id);
      Map<String, Tensor> all =
          Bounds.of(whole, precision, Declared.NOTHING, Bounds.Reference.PROVEN);
      Map<String, Tensor> sampled = WholeRecipe.sampled(recipe, all);
      RecipeBounds.of(recipe, precision, Declared.NOTHING)
          .forEach(
              (name, bound) -> {
                Tensor expected = Objects.requireNonNull(sampled.get(name));
                for (int p = 0; p < bound.size(); p++) {
                  // Sums over a row and over the queries of a key run in another order.
                  double room = 0x1p-40 * expected.get(p);
                  assertEquals(expected.get(p), bound.get(p), room, draft.name() + " " + name);
                  assertTrue(bound.get(p) > 0 || expected.get(p) == 0, draft.name());
                }
              });
    }
  }
}
