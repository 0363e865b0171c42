package dev.assay.mechanism.selected;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ScoredBlocksTest {
  private static Mechanism scored(String... settings) {
    return Settings.make(ScoredBlocks.class, Settings.parse(List.of(settings)));
  }

  /** One head of one channel, as many keys as queries, and one row of scores for each query. */
  private static Map<String, Tensor> line(int n, double... scores) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v")) {
      tensors.put(name, Tensor.generate(Shape.of(1, 1, n, 1), p -> p + 1));
    }
    tensors.put("scores", Tensor.of(Shape.of(1, 1, n, scores.length / n), scores));
    return tensors;
  }

  private static double[] chosen(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Objects.requireNonNull(Evaluation.define(mechanism, tensors).results().get("idx"))
        .toDoubles();
  }

  @Test
  void the_highest_are_taken_and_of_equals_the_lower_index() {
    Map<String, Tensor> tensors = line(2, 0.5, 0.75, 0.75, -1, -1, -1);
    tensors.put("k", Tensor.zeros(Shape.of(1, 1, 3, 1)));
    tensors.put("v", Tensor.zeros(Shape.of(1, 1, 3, 1)));
    assertArrayEquals(new double[] {1, 2, 0, 1}, chosen(scored("blockK=1", "topK=2"), tensors));
  }

  @Test
  void later_keys_are_no_candidates_whatever_their_scores() {
    Map<String, Tensor> tensors = line(2, 0.5, 9, 0.5, 9);
    assertArrayEquals(
        new double[] {0, 1}, chosen(scored("blockK=1", "topK=1", "causal=true"), tensors));
  }

  @Test
  void what_is_forced_takes_a_place_and_is_taken_beyond_k_too() {
    Map<String, Tensor> tensors = line(2, 0.5, 9, 0.5, 9);
    tensors.put("forced", Tensor.of(Shape.of(1, 1, 2, 2), 1, 0, 1, 1));
    assertArrayEquals(new double[] {0, -1, 0, 1}, chosen(scored("blockK=1", "topK=1"), tensors));
  }

  @Test
  void a_row_without_a_candidate_is_empty() {
    double none = Double.NEGATIVE_INFINITY;
    Map<String, Tensor> tensors = line(2, none, none, 1, none);
    Map<String, Tensor> results =
        Evaluation.define(scored("blockK=1", "topK=2"), tensors).results();
    assertArrayEquals(
        new double[] {-1, -1, 0, -1}, Objects.requireNonNull(results.get("idx")).toDoubles());
    assertEquals(none, Objects.requireNonNull(results.get("lse")).get(0));
    assertEquals(1, Objects.requireNonNull(results.get("out")).get(1));
  }

  @Test
  void a_score_of_nan_and_a_table_of_another_size_are_refused() {
    Mechanism two = scored("blockK=1", "topK=1");
    assertThrows(IllegalArgumentException.class, () -> chosen(two, line(2, Double.NaN, 1, 1, 1)));
    IllegalArgumentException size =
        assertThrows(IllegalArgumentException.class, () -> chosen(two, line(2, 1, 1)));
    assertTrue(size.toString().contains("scores has shape [1, 1, 2, 1]"), size.toString());
  }
}
