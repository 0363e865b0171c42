package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.report.Format;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.RecipeCase;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results of cases that are too large to store: sampled rows, or all of them. */
class RecipeResultsTest {
  private static final String POOL = "regen/int32-pool";
  private static final String SEQUENCE = "regen/int32-sequence-grad";
  private static final String WINDOW = "regen/window-65536-grad";

  @TempDir private Path folder = Path.of("");

  private static RecipeCase recipe(String name) {
    return HandedIn.SUITE.recipe(name).orElseThrow();
  }

  private static Map<String, Tensor> right(String name) {
    return new LinkedHashMap<>(recipe(name).golden().expect());
  }

  private HandedIn handedIn() {
    return new HandedIn(folder, PrecisionClass.F64);
  }

  private static CaseVerdict verdict(HandedIn results, String name) throws IOException {
    return run(results, name, Map.of()).subjects().getFirst().cases().getFirst();
  }

  private static RunVerdict run(HandedIn results, String name, Map<String, String> options)
      throws IOException {
    return results.verify(List.of(recipe(name).golden()), options, false);
  }

  @Test
  void the_sampled_rows_pass() throws IOException {
    CaseVerdict verdict = verdict(handedIn().put(SEQUENCE, right(SEQUENCE)), SEQUENCE);
    assertEquals(Status.PASSED, verdict.status(), verdict.reason());
    assertEquals(5, verdict.tensors().size());
    assertEquals(4 * (128 + 1 + 128) + 2 * (128 + 128), verdict.elements());
  }

  @Test
  void of_a_whole_result_the_sampled_rows_are_judged() throws IOException {
    RecipeCase recipe = recipe(WINDOW);
    Map<String, Tensor> results = right(WINDOW);
    results.put("out", whole(recipe, "out"));
    results.put("dk", whole(recipe, "dk"));
    CaseVerdict verdict = verdict(handedIn().put(WINDOW, results), WINDOW);
    assertEquals(Status.PASSED, verdict.status(), verdict.reason());
    int last = results.get("out").size() - 1;
    results.computeIfPresent("out", (_, out) -> with(out, last, 3));
    assertEquals(Status.FAILED, verdict(handedIn().put(WINDOW, results), WINDOW).status());
  }

  /** The sampled rows in their places, and 7 everywhere else. */
  private static Tensor whole(RecipeCase recipe, String result) {
    List<Integer> extents = recipe.whole(result);
    Tensor rows = Objects.requireNonNull(recipe.golden().expect().get(result));
    Tensor all = Tensor.full(Shape.of(extents.stream().mapToInt(Integer::intValue).toArray()), 7);
    double[] values = all.toDoubles();
    List<List<Integer>> samples = recipe.samples().of(result);
    for (int p = 0; p < rows.size(); p++) {
      List<Integer> at = samples.get(p / rows.shape().extent(1));
      values[all.shape().offset(at.get(0), at.get(1), at.get(2), p % rows.shape().extent(1))] =
          rows.get(p);
    }
    return Tensor.adopt(all.shape(), values);
  }

  private static Tensor with(Tensor tensor, int position, double value) {
    return Tensor.generate(tensor.shape(), p -> p == position ? value : tensor.get(p));
  }

  @Test
  void a_failure_names_the_place_in_the_whole_result() throws IOException {
    Map<String, Tensor> results = right(SEQUENCE);
    results.computeIfPresent("out", (_, out) -> with(out, 2 * 128 + 5, 3));
    results.computeIfPresent("dv", (_, dv) -> with(dv, 0, 3));
    RunVerdict verdict = run(handedIn().put(SEQUENCE, results), SEQUENCE, Map.of());
    String text = Format.TEXT.write(verdict);
    assertTrue(text.contains("first at (b 0, h 31, q 508416, channel 5)"), text);
    assertTrue(text.contains("first at (b 0, hkv 31, k 508416, channel 0)"), text);
    for (Format format : Format.values()) {
      assertTrue(format.write(verdict).contains(SEQUENCE), format.name());
    }
  }

  @Test
  void a_recipe_without_a_result_is_not_attempted() throws IOException {
    assertEquals(Status.NOT_ATTEMPTED, verdict(handedIn(), POOL).status());
  }

  @Test
  void other_extents_are_malformed() throws IOException {
    Map<String, Tensor> results = right(POOL);
    results.computeIfPresent("out", (_, out) -> out.reshape(2, 2, 1, 128));
    CaseVerdict verdict = verdict(handedIn().put(POOL, results), POOL);
    assertEquals(Status.MALFORMED, verdict.status());
    assertTrue(verdict.reason().contains("[4, 128] is expected"), verdict.reason());
  }

  @Test
  void the_digest_of_the_inputs_is_that_of_pieces_and_stored_inputs() throws IOException {
    String digest = InputDigest.of(recipe(POOL));
    HandedIn results = handedIn().says("inputs_sha256", digest).put(POOL, right(POOL));
    assertEquals(Status.PASSED, verdict(results, POOL).status());
    results.says("inputs_sha256", "0".repeat(64)).put(POOL, right(POOL));
    assertEquals(Status.MALFORMED, verdict(results, POOL).status());
  }

  @Test
  void a_window_of_others_is_not_judged() throws IOException {
    HandedIn results = handedIn().put(SEQUENCE, right(SEQUENCE)).put(POOL, right(POOL));
    Map<String, String> others = Map.of("window", "others");
    CaseVerdict window = run(results, SEQUENCE, others).subjects().getFirst().cases().getFirst();
    assertEquals(Status.NOT_SUPPORTED, window.status());
    CaseVerdict pool = run(results, POOL, others).subjects().getFirst().cases().getFirst();
    assertEquals(Status.PASSED, pool.status());
  }

  @Test
  void what_needs_more_memory_than_is_permitted_is_told_by_how_much() {
    long gigabyte = 1_000_000_000;
    String large =
        RecipeAttempts.tooLarge(recipe("regen/causal-65536"), gigabyte, 64 * gigabyte)
            .orElseThrow();
    assertEquals("needs 1.6 GB for its tensors: '--memory 2' permits it", large);
    assertTrue(
        RecipeAttempts.tooLarge(recipe("regen/causal-65536"), 2 * gigabyte, 64 * gigabyte)
            .isEmpty());
    String beyond =
        RecipeAttempts.tooLarge(recipe(POOL), 64 * gigabyte, 512 * gigabyte).orElseThrow();
    assertTrue(beyond.contains("more elements than an array of Java holds"), beyond);
    String heap = RecipeAttempts.tooLarge(recipe(WINDOW), gigabyte, 1 << 20).orElseThrow();
    assertTrue(heap.contains("-Xmx"), heap);
  }

  @Test
  void names_of_recipes_are_found_by_a_filter() {
    List<GoldenCase> found = new CaseFilter("regen/*").of(HandedIn.SUITE);
    assertEquals(HandedIn.SUITE.recipes().size(), found.size());
  }
}
