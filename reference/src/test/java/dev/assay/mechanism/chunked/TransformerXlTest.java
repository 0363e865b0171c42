package dev.assay.mechanism.chunked;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransformerXlTest {
  private static final Tolerance ROUNDING =
      new Tolerance(1e-14, 1e-13, "the same sums in another order, a dozen fp64 terms");

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_orders_of_rows_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = TransformerXlCases.all().getFirst().tensors();
    assertEquals(0.2181944888, out(xl(), tensors).at(0, 0, 3, 0), PRINTED);
    assertEquals(0.1368811190, out(xl("order=DESCENDING"), tensors).at(0, 0, 3, 0), PRINTED);
  }

  @Test
  void every_logit_is_content_and_distance_by_a_double_loop() {
    Map<String, Tensor> tensors = tensors(3, 5);
    Map<String, Tensor> dense = new HashMap<>(tensors);
    dense.put("bias", byLoop(tensors, 3, 5));
    Tensor u = Results.get(tensors, "r_w_bias");
    Tensor q = Results.get(tensors, "q");
    dense.put("q", Tensor.generate(q.shape(), p -> q.get(p) + u.at(q.shape().index(p)[1], p % 4)));
    Tensor expected = out(Settings.make(Dense.class, Map.of("causal", "true")), dense);
    Results.assertClose("out", expected, out(xl(), tensors), ROUNDING);
  }

  /** (q_i + v) . r_(i + 2 - j) / 2 */
  private static Tensor byLoop(Map<String, Tensor> tensors, int queries, int keys) {
    Tensor q = Results.get(tensors, "q");
    Tensor r = Results.get(tensors, "r");
    Tensor v = Results.get(tensors, "r_r_bias");
    Shape pairs = Shape.of(1, 2, queries, keys);
    return Tensor.generate(
        pairs,
        p -> {
          int[] x = pairs.index(p);
          int distance = Math.max(x[2] + keys - queries - x[3], 0);
          double sum = 0;
          for (int c = 0; c < 4; c++) {
            sum += (q.at(0, x[1], x[2], c) + v.at(x[1], c)) * r.at(x[1], distance, c);
          }
          return sum / 2;
        });
  }

  @Test
  void rows_in_descending_order_give_the_same() {
    Map<String, Tensor> tensors = tensors(3, 5);
    Tensor expected = out(xl(), tensors);
    Tensor r = Results.get(tensors, "r");
    tensors.put(
        "r",
        Tensor.generate(
            r.shape(),
            p -> {
              int[] x = r.shape().index(p);
              return r.at(x[0], 4 - x[1], x[2]);
            }));
    Results.assertSameBits("out", expected, out(xl("order=DESCENDING"), tensors));
  }

  @Test
  void a_memory_gives_what_one_long_pass_would() {
    Map<String, Tensor> whole = tensors(7, 7);
    Tensor expected = rows(out(xl(), whole), 4, 3);
    whole.put("q", rows(Results.get(whole, "q"), 4, 3));
    Results.assertSameBits("out", expected, out(xl(), whole));
  }

  @Test
  void clamped_distances_share_a_row() {
    Map<String, Tensor> tensors = tensors(3, 6);
    Tensor r = Results.get(tensors, "r");
    Map<String, Tensor> repeated = new HashMap<>(tensors);
    repeated.put(
        "r",
        Tensor.generate(
            r.shape(),
            p -> {
              int[] x = r.shape().index(p);
              return r.at(x[0], Math.min(x[1], 2), x[2]);
            }));
    Results.assertSameBits("out", out(xl(), repeated), out(xl("clampLength=2"), tensors));
  }

  @Test
  void without_positions_it_is_dense_attention_and_of_same_length_a_window() {
    Map<String, Tensor> tensors = tensors(3, 6);
    tensors.put("r", Tensor.zeros(Shape.of(2, 6, 4)));
    tensors.remove("r_w_bias");
    Tensor dense = out(Settings.make(Dense.class, Map.of("causal", "true")), tensors);
    Results.assertSameBits("out", dense, out(xl(), tensors));
    Tensor window = out(Settings.make(SlidingWindow.class, Map.of("window", "3")), tensors);
    Results.assertSameBits("out", window, out(xl("sameLength=3"), tensors));
  }

  @Test
  void the_past_never_sees_the_future() {
    Map<String, Tensor> tensors = tensors(6, 6);
    Tensor before = out(xl(), tensors);
    for (String name : List.of("q", "k", "v")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(name, Tensor.generate(x.shape(), p -> p / 4 % 6 < 4 ? x.get(p) : 3));
    }
    Results.assertSameBits("out", rows(before, 0, 4), rows(out(xl(), tensors), 0, 4));
  }

  @Test
  void the_rules_tell_memory_from_segment() {
    Map<String, Tensor> tensors = tensors(3, 5);
    Mechanism.Rules rules = xl().rules(Evaluation.define(xl(), tensors).inputs());
    assertEquals("memory: 2 before", rules.of(0, 0, 1, 1));
    assertEquals("segment: 0 before", rules.of(0, 0, 1, 3));
    assertEquals(Mechanism.NOT_ATTENDED, rules.of(0, 0, 1, 4));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertRefused("sameLength", () -> xl("sameLength=-1"));
    Map<String, Tensor> few = tensors(3, 5);
    few.put("r", Tensor.zeros(Shape.of(2, 4, 4)));
    assertRefused("r has 4 rows, but a key at distance 4", () -> out(xl(), few));
    assertRefused("4 rows for 5 keys", () -> out(xl("order=DESCENDING"), few));
    few.put("r", Tensor.zeros(Shape.of(3, 5, 4)));
    assertRefused("[2, rows, 4] is needed", () -> out(xl(), few));
    Map<String, Tensor> bias = tensors(3, 5);
    bias.put("r_r_bias", Tensor.zeros(Shape.of(4)));
    assertRefused("r_r_bias has shape", () -> out(xl(), bias));
  }

  private static void assertRefused(String rule, org.junit.jupiter.api.function.Executable what) {
    var refusal = assertThrows(IllegalArgumentException.class, what, rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static Map<String, Tensor> tensors(int queries, int keys) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v")) {
      int n = name.equals("q") ? queries : keys;
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 2, n, 4)));
    }
    tensors.put("r", LawSubject.draw("r", Shape.of(2, keys, 4)));
    tensors.put("r_w_bias", LawSubject.draw("r_w_bias", Shape.of(2, 4)));
    tensors.put("r_r_bias", LawSubject.draw("r_r_bias", Shape.of(2, 4)));
    return tensors;
  }

  private static Tensor rows(Tensor x, int from, int count) {
    Shape shape = x.shape().with(2, count);
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          at[2] += from;
          return x.at(at);
        });
  }

  private static TransformerXl xl(String... settings) {
    return Settings.make(TransformerXl.class, Settings.parse(List.of(settings)));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(Evaluation.define(mechanism, tensors).results(), "out");
  }
}
