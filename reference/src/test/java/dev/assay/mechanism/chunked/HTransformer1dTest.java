package dev.assay.mechanism.chunked;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HTransformer1dTest {
  private static final Tolerance ROUNDING =
      new Tolerance(1e-14, 1e-13, "the same sums in another order, two dozen fp64 terms");

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = HTransformer1dCases.all().getFirst().tensors();
    assertEquals(-0.1286042809, out(levels(), tensors).at(0, 0, 3, 0), PRINTED);
    assertEquals(0.0030108983, out(levels("neighbours=SIBLINGS"), tensors).at(0, 0, 3, 0), PRINTED);
    assertEquals(-0.1645149510, out(levels("mass=ONE"), tensors).at(0, 0, 3, 0), PRINTED);
    assertEquals(-0.1223770002, out(levels("queries=EACH"), tensors).at(0, 0, 3, 0), PRINTED);
  }

  @Test
  void it_is_named_as_in_the_paper() {
    assertEquals("h-transformer-1d", levels().id());
  }

  /** One softmax over tokens, whose far logits are those of means over 2^level tokens. */
  @ParameterizedTest
  @CsvSource({
    "12, false, ADJACENT",
    "11, true, ADJACENT",
    "9, false, SIBLINGS",
    "13, true, SIBLINGS"
  })
  void it_is_one_softmax_over_the_logits_of_all_levels(int n, String causal, String neighbours) {
    Map<String, Tensor> tensors = tensors(n);
    HTransformer1d levels = levels("causal=" + causal, "neighbours=" + neighbours);
    Hierarchy hierarchy = new Hierarchy(neighbours.equals("SIBLINGS"), 2);
    Tensor q = Results.get(tensors, "q");
    Tensor k = Results.get(tensors, "k");
    Shape pairs = Shape.of(1, 2, n, n);
    Tensor logits =
        Tensor.generate(
            pairs,
            p -> {
              int[] x = pairs.index(p);
              int width = 1 << hierarchy.level(x[2], x[3]);
              double sum = 0;
              for (int c = 0; c < 4; c++) {
                sum += mean(q, x[1], x[2], c, width) * mean(k, x[1], x[3], c, width);
              }
              return sum / 2;
            });
    Tensor found = out(levels, tensors);
    tensors.put("q", Tensor.zeros(q.shape()));
    tensors.put("bias", logits);
    Tensor expected = out(Settings.make(Dense.class, Map.of("causal", causal)), tensors);
    Results.assertClose("out", expected, found, ROUNDING);
  }

  private static double mean(Tensor x, int h, int token, int c, int width) {
    int from = token / width * width;
    int to = Math.min(from + width, x.shape().extent(2));
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += x.at(0, h, i, c);
    }
    return sum / (to - from);
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "true"})
  void two_blocks_are_dense_attention(String causal) {
    Map<String, Tensor> tensors = tensors(7);
    Map<String, Tensor> expected =
        Evaluation.define(Settings.make(Dense.class, Map.of("causal", causal)), tensors).results();
    Map<String, Tensor> found =
        Evaluation.define(levels("block=4", "causal=" + causal), tensors).results();
    Results.assertClose(expected, found, ROUNDING);
  }

  @Test
  void equal_tokens_within_the_coarse_ones_make_it_exact() {
    Map<String, Tensor> tensors = tensors(16);
    for (String name : List.of("q", "k")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(name, Tensor.generate(x.shape(), p -> x.get(p / 32 * 32 + p % 4)));
    }
    Tensor dense = out(Settings.make(Dense.class, Map.of()), tensors);
    Results.assertClose("out", dense, out(levels(), tensors), ROUNDING);
  }

  @Test
  void neighbouring_blocks_meet_at_the_finest_level_and_siblings_may_not() {
    Hierarchy adjacent = new Hierarchy(false, 2);
    Hierarchy siblings = new Hierarchy(true, 2);
    assertEquals(0, adjacent.level(7, 8));
    assertEquals(2, siblings.level(7, 8));
    assertEquals(0, siblings.level(4, 7));
    assertEquals(1, adjacent.level(0, 4));
    assertEquals(2, adjacent.level(0, 9));
    assertEquals(3, adjacent.levels(16));
    assertEquals(3, siblings.levels(16));
    assertEquals(1, adjacent.levels(4));
  }

  @Test
  void weights_sum_to_one_unless_a_coarse_key_counts_once() {
    Map<String, Tensor> tensors = tensors(12);
    tensors.put("v", Tensor.full(Shape.of(1, 2, 12, 4), 1));
    assertEquals(1, out(levels(), tensors).at(0, 0, 0, 0), 1e-15);
    assertTrue(out(levels("mass=ONE"), tensors).at(0, 0, 0, 0) > 1.01);
  }

  @Test
  void a_mean_of_queries_lets_a_causal_model_see_a_little_of_the_future() {
    assertTrue(firstRowsAgree("EACH"));
    assertFalse(firstRowsAgree("MEAN"), "row 8 shares a coarse query with row 9");
    assertFalse(levels("causal=true").leak().isEmpty());
    assertTrue(levels("causal=true", "queries=EACH").leak().isEmpty());
  }

  private static boolean firstRowsAgree(String queries) {
    HTransformer1d levels = levels("causal=true", "queries=" + queries);
    Map<String, Tensor> tensors = tensors(12);
    Tensor before = out(levels, tensors);
    for (String name : List.of("q", "k", "v")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(name, Tensor.generate(x.shape(), p -> p / 4 % 12 < 9 ? x.get(p) : 3));
    }
    Tensor after = out(levels, tensors);
    for (int p = 0; p < before.size(); p++) {
      if (p / 4 % 12 < 9 && before.get(p) != after.get(p)) {
        return false;
      }
    }
    return true;
  }

  @Test
  void what_lies_behind_the_lengths_reaches_nothing() {
    Map<String, Tensor> tensors = tensors(11);
    tensors.put("q_lens", Tensor.of(Shape.of(1), 7));
    tensors.put("k_lens", Tensor.of(Shape.of(1), 7));
    Map<String, Tensor> clean = Evaluation.define(levels(), tensors).results();
    for (String name : List.of("q", "k", "v", "d_out", "d_lse")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(
          name, Tensor.generate(x.shape(), p -> x.shape().index(p)[2] < 7 ? x.get(p) : Double.NaN));
    }
    Map<String, Tensor> poisoned = Evaluation.define(levels(), tensors).results();
    clean.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(poisoned, name)));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertRefused("block is 3", () -> levels("block=3"));
    Map<String, Tensor> cross = tensors(6);
    cross.put("q", Tensor.zeros(Shape.of(1, 2, 3, 4)));
    assertRefused("3 queries came with 6 keys", () -> out(levels(), cross));
  }

  private static void assertRefused(String rule, org.junit.jupiter.api.function.Executable what) {
    var refusal = assertThrows(IllegalArgumentException.class, what, rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static Map<String, Tensor> tensors(int n) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 2, n, 4)));
    }
    tensors.put("d_lse", LawSubject.draw("d_lse", Shape.of(1, 2, n)));
    return tensors;
  }

  private static HTransformer1d levels(String... settings) {
    List<String> all = new ArrayList<>(List.of("block=2"));
    all.addAll(List.of(settings));
    return Settings.make(HTransformer1d.class, Settings.parse(all));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(Evaluation.define(mechanism, tensors).results(), "out");
  }
}
