package dev.assay.mechanism.chunked;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reading of {@link HierarchicalChunking} in which tokens of the tail go past attention. */
class PassedTailTest {
  /** Two chunks of three tokens and a tail of two. */
  private static final int N = 8;

  private static final int TAIL = 6;

  @ParameterizedTest
  @ValueSource(strings = {"JOINT", "SUM", "GATED", "SEQUENTIAL"})
  void the_tail_gives_its_own_values_and_the_rest_what_a_dropped_tail_gives(String combination) {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> passed = define(combination, "PASS_THROUGH", tensors);
    Map<String, Tensor> dropped = define(combination, "DROP", tensors);
    Tensor out = Results.get(passed, "out");
    for (int p = 0; p < out.size(); p++) {
      int[] at = out.shape().index(p);
      double expected =
          at[2] >= TAIL
              ? Results.get(tensors, "v").at(at[0], at[1] / 2, at[2], at[3])
              : Results.get(dropped, "out").get(p);
      assertEquals(expected, out.get(p));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"JOINT", "SEQUENTIAL"})
  void the_cotangents_of_the_tail_reach_its_values_alone(String combination) {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> passed = define(combination, "PASS_THROUGH", tensors);
    Map<String, Tensor> dropped = define(combination, "DROP", tensors);
    for (String name : List.of("dq", "dk")) {
      Results.assertSameBits(name, Results.get(dropped, name), Results.get(passed, name));
    }
    Tensor dOut = Results.get(tensors, "d_out");
    Tensor dv = Results.get(passed, "dv");
    for (int p = 0; p < dv.size(); p++) {
      int[] at = dv.shape().index(p);
      double group =
          dOut.at(at[0], 2 * at[1], at[2], at[3]) + dOut.at(at[0], 2 * at[1] + 1, at[2], at[3]);
      assertEquals(at[2] >= TAIL ? group : Results.get(dropped, "dv").get(p), dv.get(p));
    }
  }

  @ParameterizedTest
  @CsvSource({"7, 8", "8, 7", "7, 7"})
  void what_lies_behind_a_length_is_not_passed(int queries, int keys) {
    Map<String, Tensor> tensors = tensors();
    tensors.put("q_lens", Tensor.of(Shape.of(1), queries));
    tensors.put("k_lens", Tensor.of(Shape.of(1), keys));
    for (String name : List.of("q", "k", "v", "d_out")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(
          name,
          Tensor.generate(x.shape(), p -> x.shape().index(p)[2] == 7 ? Double.NaN : x.get(p)));
    }
    Map<String, Tensor> results = define("JOINT", "PASS_THROUGH", tensors);
    Tensor v = Results.get(tensors, "v");
    for (int h = 0; h < 4; h++) {
      assertEquals(v.at(0, h / 2, 6, 1), Results.get(results, "out").at(0, h, 6, 1));
      assertEquals(0, Results.get(results, "out").at(0, h, 7, 1));
      assertEquals(Double.NEGATIVE_INFINITY, Results.get(results, "lse").at(0, h, 6));
    }
    assertEquals(0, Results.get(results, "dv").at(0, 1, 7, 1));
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 4, N, 3)));
    }
    for (String name : List.of("k", "v")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 2, N, 3)));
    }
    tensors.put("gate_logit", Tensor.of(Shape.of(1), 0.25));
    return tensors;
  }

  private static Map<String, Tensor> define(
      String combination, String tail, Map<String, Tensor> tensors) {
    Map<String, String> settings =
        Map.of("sizeRule", "FIXED", "size", "3", "combination", combination, "tail", tail);
    return Evaluation.define(Settings.make(HierarchicalChunking.class, settings), tensors)
        .results();
  }
}
