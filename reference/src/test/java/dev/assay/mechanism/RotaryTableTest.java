package dev.assay.mechanism;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.engine.ScalarEngine;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Given tables of angles need rows for the tokens that are read, and for no others. */
class RotaryTableTest {
  private static final int ROWS = 4;
  private static final Tolerance EXACT = Tolerance.exact("the same angles for all that is read");
  private static final Tolerance REARRANGED =
      new Tolerance(1e-14, 1e-13, "a row's sums in another association, all in fp64");

  @Test
  void tokens_behind_their_length_need_no_row() {
    Map<String, Tensor> tensors = tokens(8, 8);
    tensors.put("q_lens", Tensor.of(Shape.of(1), 4));
    tensors.put("k_lens", Tensor.of(Shape.of(1), 4));
    assertTableSuffices(dense("causal=true"), tensors);
  }

  @Test
  void queries_before_the_first_key_need_no_row() {
    assertTableSuffices(dense("causal=true"), tokens(6, 4));
  }

  @Test
  void keys_that_no_query_reaches_need_no_row() {
    Map<String, Tensor> tensors = tokens(4, 7);
    tensors.put("offset", Tensor.of(Shape.of(1), 0));
    assertTableSuffices(dense("causal=true"), tensors);
  }

  @Test
  void keys_that_the_mask_hides_need_no_row() {
    Map<String, Tensor> tensors = tokens(4, 6);
    tensors.put("offset", Tensor.of(Shape.of(1), 0));
    tensors.put("mask", Tensor.of(Shape.of(1, 1, 1, 6), 1, 0, 1, 1, 0, 0));
    assertTableSuffices(dense(), tensors);
  }

  @Test
  void new_keys_behind_a_past_are_counted_with_it() {
    Map<String, Tensor> tensors = tokens(3, 3);
    tensors.put("past_k", LawSubject.draw("past_k", Shape.of(1, 2, 2, 4)));
    tensors.put("past_v", LawSubject.draw("past_v", Shape.of(1, 2, 2, 4)));
    tensors.put("q_lens", Tensor.of(Shape.of(1), 2));
    tensors.put("k_lens", Tensor.of(Shape.of(1), 4));
    assertTableSuffices(dense("causal=true"), tensors);
  }

  @Test
  void a_token_that_is_read_needs_its_row() {
    assertRefused("a query stands at position 4", tokens(5, 4), 0);
    assertRefused("a query stands at position -1", tokens(2, 4), -1);
    assertRefused("a key stands at position 4", tokens(4, 5), 0);
  }

  private static void assertRefused(String words, Map<String, Tensor> tensors, int offset) {
    tensors.put("offset", Tensor.of(Shape.of(1), offset));
    tensors.putAll(table(ROWS));
    var refusal =
        assertThrows(
            IllegalArgumentException.class, () -> Evaluation.define(dense(), tensors), words);
    assertTrue(refusal.toString().contains(words), refusal.toString());
  }

  /** A table of the mechanism's own angles for four positions says the same as no table. */
  private static void assertTableSuffices(Mechanism mechanism, Map<String, Tensor> tensors) {
    Map<String, Tensor> expected = Evaluation.define(mechanism, tensors).results();
    Map<String, Tensor> given = new HashMap<>(tensors);
    given.putAll(table(ROWS));
    Results.assertClose(expected, Evaluation.define(mechanism, given).results(), EXACT);
    Evaluation lowered = Evaluation.lower(mechanism, given, new ScalarEngine());
    Results.assertClose(expected, lowered.results(), REARRANGED);
  }

  private static Map<String, Tensor> table(int rows) {
    Shape shape = Shape.of(rows, 2);
    return Map.of(
        "cos", Tensor.generate(shape, p -> StrictMath.cos(angle(p / 2, p % 2))),
        "sin", Tensor.generate(shape, p -> StrictMath.sin(angle(p / 2, p % 2))));
  }

  private static double angle(int position, int pair) {
    return position * StrictMath.pow(10000, -2.0 * pair / 4);
  }

  private static Map<String, Tensor> tokens(int queries, int keys) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 2, queries, 4)));
    }
    for (String name : List.of("k", "v")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 2, keys, 4)));
    }
    return tensors;
  }

  private static Mechanism dense(String... settings) {
    Map<String, String> all = new HashMap<>(Settings.parse(List.of(settings)));
    all.put("rope", "HALF");
    return Settings.make(Dense.class, all);
  }
}
