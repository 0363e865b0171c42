package dev.assay.mechanism.fixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.mechanism.Settings;
import dev.assay.op.Rotary.Layout;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DenseTest {
  private static final Tolerance ROUNDING =
      new Tolerance(1e-15, 1e-14, "the same sums in another order, a dozen fp64 terms");

  @Test
  void two_keys_by_hand() {
    Map<String, Tensor> results =
        define(
            dense("scale=1"),
            Map.of(
                "q", Tensor.of(Shape.of(1, 1, 1, 1), 1),
                "k", Tensor.of(Shape.of(1, 1, 2, 1), 0, StrictMath.log(3)),
                "v", Tensor.of(Shape.of(1, 1, 2, 1), 10, 20),
                "d_out", Tensor.of(Shape.of(1, 1, 1, 1), 1)));
    assertEquals(17.5, Results.get(results, "out").get(0), 1e-14);
    assertEquals(StrictMath.log(4), Results.get(results, "lse").get(0), 1e-15);
    assertEquals(0.25, Results.get(results, "dv").get(0), 1e-15);
    // dk_1 = p_1 (v_1 - out) q = 0.75 * 2.5
    assertEquals(1.875, Results.get(results, "dk").get(1), 1e-14);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "HALF", "INTERLEAVED"})
  void decoding_row_by_row_behind_a_cache_equals_the_whole(String rope) {
    Mechanism mechanism = dense("causal=true", "rope=" + rope);
    Map<String, Tensor> whole = qkv(1, 2, 5);
    Tensor expected = Results.get(define(mechanism, whole), "out");
    Tensor cachedKeys = rotated(rope, Results.get(whole, "k"));
    for (int i = 1; i < 5; i++) {
      int row = i;
      Map<String, Tensor> step = new HashMap<>();
      for (String name : List.of("q", "k", "v")) {
        step.put(name, rows(Results.get(whole, name), row, row + 1));
      }
      step.put("past_k", rows(cachedKeys, 0, row));
      step.put("past_v", rows(Results.get(whole, "v"), 0, row));
      Tensor out = Results.get(define(mechanism, step), "out");
      Results.assertClose("row " + row, rows(expected, row, row + 1), out, ROUNDING);
    }
  }

  /** Keys as a cache holds them. */
  private static Tensor rotated(String rope, Tensor k) {
    if (rope.equals("NONE")) {
      return k;
    }
    Tape tape = new Tape();
    Layout layout = Layout.valueOf(rope);
    return new RotaryAngles(layout, 10000, 4, null, null)
        .turn(tape.leaf("k", k), (b, j) -> j)
        .value();
  }

  @Test
  void the_two_layouts_differ_by_an_order_of_channels() {
    Map<String, Tensor> tensors = qkv(1, 2, 6);
    Tensor half = Results.get(define(dense("rope=HALF"), tensors), "out");
    IntUnaryOperator toHalf = c -> c / 2 + c % 2 * 2;
    for (String name : List.of("q", "k")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(
          name, Tensor.generate(x.shape(), p -> x.get(p / 4 * 4 + toHalf.applyAsInt(p % 4))));
    }
    Tensor interleaved = Results.get(define(dense("rope=INTERLEAVED"), tensors), "out");
    Results.assertClose("out", half, interleaved, ROUNDING);
  }

  @Test
  void packed_sequences_never_meet() {
    Map<String, Tensor> packed = qkv(1, 2, 7);
    packed.put("cu_seqlens_q", Tensor.of(Shape.of(4), 0, 3, 3, 7));
    packed.put("cu_seqlens_k", Tensor.of(Shape.of(4), 0, 3, 3, 7));
    Mechanism mechanism = dense("causal=true", "rope=HALF");
    Tensor together = Results.get(define(mechanism, packed), "out");
    for (int[] range : new int[][] {{0, 3}, {3, 7}}) {
      Map<String, Tensor> alone = new HashMap<>();
      for (String name : List.of("q", "k", "v")) {
        alone.put(name, rows(Results.get(packed, name), range[0], range[1]));
      }
      Results.assertSameBits(
          "out", Results.get(define(mechanism, alone), "out"), rows(together, range[0], range[1]));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "HALF"})
  void it_does_not_matter_where_pages_lie(String rope) {
    Mechanism mechanism = dense("causal=true", "rope=" + rope);
    Map<String, Tensor> flat = qkv(1, 2, 6);
    Tensor expected = Results.get(define(mechanism, flat), "out");
    for (int[] order : new int[][] {{0, 1, 2}, {4, 0, 3}}) {
      Map<String, Tensor> paged = new HashMap<>(flat);
      for (String name : List.of("k", "v")) {
        paged.put(name, pool(Results.get(flat, name), order));
      }
      paged.put("page_table", Tensor.of(Shape.of(1, 3), order[0], order[1], order[2]));
      paged.put("k_lens", Tensor.of(Shape.of(1), 6));
      Results.assertSameBits("out", expected, Results.get(define(mechanism, paged), "out"));
    }
  }

  /** Five pages of two keys of two heads, of which three are used in this order. */
  private static Tensor pool(Tensor x, int[] order) {
    double[] pool = new double[5 * 2 * 2 * 4];
    Arrays.fill(pool, Double.NaN);
    for (int p = 0; p < x.size(); p++) {
      int[] at = x.shape().index(p);
      pool[((order[at[2] / 2] * 2 + at[1]) * 2 + at[2] % 2) * 4 + at[3]] = x.get(p);
    }
    return Tensor.of(Shape.of(5, 2, 2, 4), pool);
  }

  @Test
  void grouped_heads_read_copies_of_their_key_head() {
    Map<String, Tensor> grouped = qkv(1, 4, 5);
    grouped.put("k", heads(Results.get(grouped, "k"), 0, 2));
    grouped.put("v", heads(Results.get(grouped, "v"), 0, 2));
    Map<String, Tensor> copied = new HashMap<>(grouped);
    copied.put("k", heads(Results.get(grouped, "k"), 0, 0, 1, 1));
    copied.put("v", heads(Results.get(grouped, "v"), 0, 0, 1, 1));
    Results.assertSameBits(
        "out",
        Results.get(define(dense(), copied), "out"),
        Results.get(define(dense(), grouped), "out"));
  }

  private static Tensor heads(Tensor x, int... chosen) {
    Shape shape = x.shape().with(1, chosen.length);
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          at[1] = chosen[at[1]];
          return x.at(at);
        });
  }

  @Test
  void what_does_not_belong_together_is_refused_in_a_sentence() {
    Map<String, Tensor> tensors = qkv(1, 2, 4);
    assertRefused(
        "past_k and past_v belong together", dense(), tensors, "past_k", Results.get(tensors, "k"));
    assertRefused("rope is NONE", dense(), tensors, "cos", Tensor.zeros(Shape.of(4, 2)));
    assertRefused("do not divide", dense(), tensors, "q", Tensor.zeros(Shape.of(1, 3, 4, 4)));
    assertRefused("page_table", dense(), tensors, "page_table", Tensor.zeros(Shape.of(3)));
    assertRefused(
        "rotaryDim is 6",
        dense("rope=HALF", "rotaryDim=6"),
        tensors,
        "k_lens",
        Tensor.of(Shape.of(1), 4));
    assertRefused("broadcast", dense(), tensors, "mask", Tensor.zeros(Shape.of(4, 4)));
  }

  @Test
  void a_setting_out_of_its_range_is_refused_when_it_is_set() {
    for (String setting :
        List.of("scale=NaN", "softcap=-1", "rotaryDim=3", "theta=0", "dropoutRate=1")) {
      String name = setting.substring(0, setting.indexOf('='));
      String refusal =
          assertThrows(IllegalArgumentException.class, () -> dense(setting)).toString();
      assertTrue(refusal.contains(name + " is "), refusal);
    }
  }

  private static void assertRefused(
      String rule, Mechanism mechanism, Map<String, Tensor> tensors, String name, Tensor value) {
    Map<String, Tensor> changed = new HashMap<>(tensors);
    changed.put(name, value);
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> define(mechanism, changed), rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static Map<String, Tensor> qkv(int batches, int heads, int n) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(batches, heads, n, 4)));
    }
    return tensors;
  }

  private static Tensor rows(Tensor x, int from, int to) {
    Shape shape = x.shape().with(2, to - from);
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          at[2] += from;
          return x.at(at);
        });
  }

  private static Mechanism dense(String... settings) {
    return Settings.make(Dense.class, Settings.parse(List.of(settings)));
  }

  private static Map<String, Tensor> define(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).results();
  }
}
