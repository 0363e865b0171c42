package dev.assay.mechanism.lowrank;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Observation;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnchorAttentionTest {
  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 5.1e-11;

  private static final int N = 5;
  private static final int D = 3;

  private static Mechanism anchors(String... settings) {
    return Settings.make(AnchorAttention.class, Settings.parse(List.of(settings)));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).answer().out().value();
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    int stream = 0;
    for (String name : List.of("q", "k", "v")) {
      double phase = 1 + stream++;
      tensors.put(
          name,
          Tensor.generate(Shape.of(1, 1, N, D), p -> StrictMath.sin(phase + 0.7 * p * phase)));
    }
    return tensors;
  }

  private static int[] keys(Mechanism mechanism, Map<String, Tensor> tensors, int i) {
    return Observation.of(mechanism, tensors).softmaxes().getFirst().row(0, 0, i).keys();
  }

  @Test
  void duplicates_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = AnchorAttentionCases.all().get(2).tensors();
    String[] settings = {"anchors=3", "chunk=2", "nearest=2", "duplicates=ONCE"};
    assertEquals(0.3225901837, out(anchors(settings), tensors).get(0), PRINTED);
    settings[3] = "duplicates=COUNTED";
    assertEquals(0.0733758574, out(anchors(settings), tensors).get(0), PRINTED);
  }

  /** Sorted by bucket the tokens are 1 3 | 0 2 | 4. */
  @Test
  void a_chunk_of_sorted_tokens_meets_itself_and_the_one_before() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("buckets", Tensor.of(Shape.of(1, 1, 1, N), 1, 0, 1, 0, 1));
    Mechanism mechanism = anchors("anchors=2", "chunk=2");
    assertArrayEquals(new int[] {1, 2, 3}, keys(mechanism, tensors, 0));
    assertArrayEquals(new int[] {3, 4}, keys(mechanism, tensors, 1), "the first meets the last");
    assertArrayEquals(new int[] {0, 2}, keys(mechanism, tensors, 4));
  }

  @Test
  void a_token_meets_itself_only_if_it_meets_nobody_else() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("buckets", Tensor.of(Shape.of(1, 1, 1, N), 1, 0, 1, 0, 1));
    Mechanism mechanism = anchors("anchors=2", "chunk=2", "causal=true");
    assertArrayEquals(new int[] {0}, keys(mechanism, tensors, 0));
    assertArrayEquals(new int[] {1}, keys(mechanism, tensors, 1));
    assertArrayEquals(new int[] {0, 1}, keys(mechanism, tensors, 2));
    Tensor v = Results.get(tensors, "v");
    assertEquals(v.at(0, 0, 1, 2), out(mechanism, tensors).at(0, 0, 1, 2), 1e-15);
  }

  @Test
  void a_key_of_two_rounds_counts_twice_if_it_is_to() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("buckets", Tensor.of(Shape.of(1, 1, 2, N), 0, 0, 0, 1, 1, 1, 1, 0, 0, 0));
    Mechanism counted = anchors("anchors=2", "chunk=3", "duplicates=COUNTED", "nearest=2");
    Mechanism once = anchors("anchors=2", "chunk=3", "nearest=2");
    tensors.put("q", Tensor.zeros(Shape.of(1, 1, N, D)));
    tensors.put("v", Tensor.generate(Shape.of(1, 1, N, 1), p -> StrictMath.pow(10, p)));
    // Round 0 lists 0 1 2 3 4, round 1 lists 2 3 4 0 1: chunks 0 1 2 | 3 4 2 | 3 4 0 | 1.
    // Token 0 is in the first (with 1 before it) and in the third (with 3 4 2 before it).
    double four = (2 * 10 + 2 * 100 + 2 * 1000 + 2 * 10000) / 8.0;
    assertEquals(four, out(counted, tensors).get(0), 1e-9);
    assertEquals((10 + 100 + 1000 + 10000) / 4.0, out(once, tensors).get(0), 1e-9);
    // Token 1 is in the first (0 2 and 1 before it) and alone in the last (3 4 0 before it).
    assertEquals((2 * 1 + 100 + 1000 + 10000) / 5.0, out(counted, tensors).get(1), 1e-9);
  }

  @Test
  void with_one_bucket_in_one_chunk_it_is_dense_attention_of_a_token_to_the_others() {
    Map<String, Tensor> tensors = tensors();
    Tensor q = Results.get(tensors, "q");
    Map<String, Tensor> dense = new HashMap<>(tensors);
    dense.put(
        "k",
        Tensor.generate(
            q.shape(),
            p -> {
              double squares = 1e-6 * D;
              for (int c = 0; c < D; c++) {
                squares += q.get(p / D * D + c) * q.get(p / D * D + c);
              }
              return q.get(p) / Math.sqrt(squares);
            }));
    dense.put("mask", Tensor.generate(Shape.of(1, 1, N, N), p -> p / N == p % N ? 0 : 1));
    Tensor expected = out(Settings.make(Dense.class, Map.of("scale", "1")), dense);
    Tensor found = out(anchors("anchors=1"), tensors);
    for (int p = 0; p < found.size(); p++) {
      assertEquals(expected.get(p), found.get(p), 1e-14);
    }
  }

  @Test
  void buckets_given_back_reproduce_the_answer() {
    for (String reading : List.of("BUCKETS", "LANDMARKS")) {
      Map<String, Tensor> tensors = tensors();
      Mechanism mechanism =
          anchors("reading=" + reading, "anchors=3", "chunk=2", "sharedKeys=false");
      Evaluation chosen = Evaluation.define(mechanism, tensors);
      tensors.putAll(chosen.answer().choices());
      assertTrue(tensors.containsKey("key_buckets"));
      Results.assertSameBits("out", chosen.answer().out().value(), out(mechanism, tensors));
    }
  }

  @Test
  void tokens_of_two_opposite_directions_fall_into_two_buckets() {
    Map<String, Tensor> tensors = tensors();
    tensors.put(
        "q",
        Tensor.generate(
            Shape.of(1, 1, N, D), p -> (p / D % 2 == 0 ? 1 : -1) * (2 + 0.1 * (p % D))));
    Evaluation chosen = Evaluation.define(anchors("anchors=2"), tensors);
    double[] buckets = Results.get(chosen.answer().choices(), "buckets").toDoubles();
    assertEquals(buckets[0], buckets[2]);
    assertEquals(buckets[1], buckets[3]);
    assertFalse(buckets[0] == buckets[1]);
    assertEquals(2, chosen.answer().margin(), 1e-12, "cosines of 1 and -1");
  }

  @Test
  void equal_cosines_go_to_the_lower_anchor() {
    Map<String, Tensor> tensors = tensors();
    Tensor same = Tensor.of(Shape.of(1, 1, 2, D), 1, 0, 0, 1, 0, 0);
    tensors.put("anchors", same);
    Evaluation chosen = Evaluation.define(anchors("anchors=2"), tensors);
    assertArrayEquals(new double[N], Results.get(chosen.answer().choices(), "buckets").toDoubles());
    assertEquals(0, chosen.answer().margin());
  }

  @Test
  void a_bucket_for_each_token_makes_landmarks_of_all_of_them() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("buckets", Tensor.generate(Shape.of(1, 1, 1, N), p -> p));
    tensors.put("key_buckets", Results.get(tensors, "buckets"));
    Tensor found = out(anchors("reading=LANDMARKS", "anchors=5", "sharedKeys=false"), tensors);
    Tensor expected = out(Settings.make(Nystromformer.class, Map.of("landmarks", "5")), tensors);
    for (int p = 0; p < found.size(); p++) {
      assertEquals(expected.get(p), found.get(p), 1e-14);
    }
  }

  @Test
  void settings_that_contradict_each_other_are_refused() {
    for (String[] settings :
        new String[][] {{"reading=LANDMARKS", "causal=true"}, {"anchors=2", "nearest=3"}}) {
      assertThrows(IllegalArgumentException.class, () -> anchors(settings));
    }
  }

  @Test
  void a_token_without_a_direction_is_refused() {
    Map<String, Tensor> tensors = tensors();
    Tensor q = Results.get(tensors, "q");
    tensors.put("q", Tensor.generate(q.shape(), p -> p == 4 ? Double.NaN : q.get(p)));
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> out(anchors("anchors=2"), tensors));
    assertTrue(refusal.toString().contains("token 1"), refusal.toString());
  }

  @Test
  void buckets_that_do_not_exist_are_refused() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("buckets", Tensor.full(Shape.of(1, 1, 1, N), 2));
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> out(anchors("anchors=2"), tensors));
    assertTrue(refusal.toString().contains("buckets holds 2.0"), refusal.toString());
  }
}
