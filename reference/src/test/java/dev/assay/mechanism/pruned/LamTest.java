package dev.assay.mechanism.pruned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LamTest {
  private static final int N = 6;

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Case low = LamCases.all().get(0);
    Case fixed = LamCases.all().get(1);
    assertEquals(List.of(4361, 4362), List.of(low.id(), fixed.id()));
    assertEquals(-0.3072895377, Trials.out(low.mechanism(), low.tensors()).get(0), Trials.PRINTED);
    Map<String, Tensor> tensors = new HashMap<>(fixed.tensors());
    for (String name : List.of("q", "k", "v", "x")) {
      tensors.put(name, Results.get(low.tensors(), name));
    }
    assertEquals(-0.1628242631, Trials.out(fixed.mechanism(), tensors).get(0), Trials.PRINTED);
  }

  @Test
  void without_amplitude_it_is_dense_to_the_bit() {
    Map<String, Tensor> tensors = tensors(N);
    tensors.put("amplitude", Tensor.zeros(Shape.of(1)));
    Map<String, Tensor> dense = Trials.define(Trials.make(Dense.class, "causal=true"), tensors);
    Map<String, Tensor> found = Trials.define(lam("causal=true"), tensors);
    for (String name : List.of("out", "lse", "dq", "dk", "dv")) {
      Results.assertSameBits(name, Results.get(dense, name), Results.get(found, name));
    }
    assertTrue(Results.get(found, "d_amplitude").get(0) != 0, "it can start to learn");
  }

  @Test
  void a_mask_by_hand_multiplies_the_logits() {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(Shape.of(1, 1, 1, 1), 1));
    tensors.put("k", Tensor.of(Shape.of(1, 1, 2, 1), 2, -3));
    tensors.put("v", Tensor.of(Shape.of(1, 1, 2, 1), 1, 0));
    tensors.put("x", Tensor.of(Shape.of(1, 1, 1), 2));
    // One hidden unit: max(2 - 1, 0) = 1; the rows of the mask are 0.5, -1 and 9.
    tensors.put("w_m1", Tensor.of(Shape.of(1, 1), 1));
    tensors.put("b_m1", Tensor.of(Shape.of(1), -1));
    tensors.put("w_m2", Tensor.of(Shape.of(3, 1), 0.5, -2, 9));
    tensors.put("b_m2", Tensor.of(Shape.of(3), 0, 1, 0));
    double first = StrictMath.exp(1);
    double second = StrictMath.exp(3);
    assertEquals(
        first / (first + second), Trials.out(lam("reading=LITERAL"), tensors).get(0), 1e-15);
    // The unit is closed at x = 1: the mask is 0 and 1.
    tensors.put("x", Tensor.of(Shape.of(1, 1, 1), 1));
    assertEquals(
        1 / (1 + StrictMath.exp(-3)), Trials.out(lam("reading=LITERAL"), tensors).get(0), 1e-15);
  }

  @Test
  void a_product_of_two_small_vectors_makes_the_precise_mask() {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(Shape.of(1, 1, 1, 1), 1));
    tensors.put("k", Tensor.of(Shape.of(1, 1, 2, 1), 2, -3));
    tensors.put("v", Tensor.of(Shape.of(1, 1, 2, 1), 1, 0));
    tensors.put("x", Tensor.of(Shape.of(1, 1, 1), 2));
    tensors.put("x_k", Tensor.of(Shape.of(1, 2, 1), 1, -1));
    for (String side : List.of("u", "k")) {
      tensors.put("w_" + side + "1", Tensor.of(Shape.of(1, 1), 1));
      tensors.put("w_" + side + "2", Tensor.of(Shape.of(4, 1), 1, 0, 0, 0));
    }
    tensors.put("amplitude", Tensor.of(Shape.of(1), 0.5));
    // u = 2, w = 1 and 0, r = 4: tanh(2 / 2) and 0.
    double first = StrictMath.exp(2 * (1 + 0.5 * StrictMath.tanh(1)));
    double second = StrictMath.exp(-3);
    assertEquals(first / (first + second), Trials.out(lam(), tensors).get(0), 1e-15);
  }

  @Test
  void a_mask_of_zeros_gives_the_mean_of_the_admissible_values() {
    Map<String, Tensor> tensors = literal();
    tensors.put("w_m2", Tensor.zeros(Shape.of(7, 4)));
    tensors.put("b_m2", Tensor.zeros(Shape.of(7)));
    Tensor out = Trials.out(lam("reading=LITERAL", "causal=true"), tensors);
    Tensor v = Results.get(tensors, "v");
    for (int i = 0; i < N; i++) {
      double mean = 0;
      for (int j = 0; j <= i; j++) {
        mean += v.at(0, 1, j, 0) / (i + 1);
      }
      assertEquals(mean, out.at(0, 1, i, 0), 1e-15);
    }
  }

  @Test
  void permuting_tokens_permutes_the_precise_results_and_not_the_literal_ones() {
    assertTrue(turns(lam(), tensors(N)) < 1e-14);
    assertTrue(turns(lam("reading=LITERAL"), literal()) > 1e-3);
  }

  /** The largest difference between turning the tokens before and after. */
  private static double turns(Lam lam, Map<String, Tensor> tensors) {
    Tensor out = Trials.out(lam, tensors);
    Map<String, Tensor> turned = new HashMap<>(tensors);
    for (String name : List.of("q", "k", "v")) {
      turned.put(name, turn(Results.get(tensors, name), 2));
    }
    turned.put("x", turn(Results.get(tensors, "x"), 1));
    Tensor after = Trials.out(lam, turned);
    Tensor expected = turn(out, 2);
    double largest = 0;
    for (int p = 0; p < out.size(); p++) {
      largest = Math.max(largest, Math.abs(expected.get(p) - after.get(p)));
    }
    return largest;
  }

  private static Tensor turn(Tensor x, int axis) {
    return Tensor.generate(
        x.shape(),
        p -> {
          int[] from = x.shape().index(p);
          from[axis] = (from[axis] + N - 1) % N;
          return x.at(from);
        });
  }

  @Test
  void the_past_never_sees_the_future() {
    for (Map<String, Tensor> tensors : List.of(tensors(N), literal())) {
      String reading = tensors.containsKey("w_m1") ? "reading=LITERAL" : "reading=PRECISE";
      Lam lam = lam(reading, "causal=true");
      Tensor before = Trials.out(lam, tensors);
      Map<String, Tensor> other = new HashMap<>(tensors);
      for (String name : List.of("q", "k", "v")) {
        other.put(name, changed(Results.get(tensors, name), 2));
      }
      other.put("x", changed(Results.get(tensors, "x"), 1));
      Tensor after = Trials.out(lam, other);
      for (int p = 0; p < before.size(); p++) {
        if (before.shape().index(p)[2] < 3) {
          assertEquals(before.get(p), after.get(p));
        }
      }
    }
  }

  private static Tensor changed(Tensor x, int axis) {
    return Tensor.generate(x.shape(), p -> x.shape().index(p)[axis] < 3 ? x.get(p) : 1 - x.get(p));
  }

  @Test
  void tokens_behind_a_length_reach_nothing() {
    Map<String, Tensor> tensors = tensors(N);
    tensors.put("q_lens", Tensor.of(Shape.of(1), 4));
    tensors.put("k_lens", Tensor.of(Shape.of(1), 4));
    Map<String, Tensor> before = Trials.define(lam(), tensors);
    Tensor x = Results.get(tensors, "x");
    tensors.put(
        "x", Tensor.generate(x.shape(), p -> x.shape().index(p)[1] < 4 ? x.get(p) : Double.NaN));
    Map<String, Tensor> after = Trials.define(lam(), tensors);
    before.forEach((name, y) -> Results.assertSameBits(name, y, Results.get(after, name)));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Map<String, Tensor> long8 = literal();
    long8.put("q", LawSubject.draw("q", Shape.of(1, 2, N, 3)));
    long8.put("k", LawSubject.draw("k", Shape.of(1, 2, 8, 3)));
    long8.put("v", LawSubject.draw("v", Shape.of(1, 2, 8, 3)));
    Trials.assertRefused("8 keys came to a mask of width 7", lam("reading=LITERAL"), long8);
    Trials.assertRefused("w_u1 was not given", lam(), literal());
    Map<String, Tensor> tensors = tensors(N);
    tensors.put("amplitude", Tensor.zeros(Shape.of(3)));
    Trials.assertRefused("amplitude has shape", lam(), tensors);
    tensors.put("x", Tensor.zeros(Shape.of(1, 5, 3)));
    Trials.assertRefused("x has shape [1, 5, 3]", lam(), tensors);
    tensors = tensors(N);
    tensors.put("w_k1", Tensor.zeros(Shape.of(4, 2)));
    Trials.assertRefused("w_k1 has shape", lam(), tensors);
    tensors = tensors(N);
    tensors.put("w_k2", Tensor.zeros(Shape.of(3, 4)));
    Trials.assertRefused("w_u2 gives 2 numbers and w_k2 gives 3", lam(), tensors);
    Map<String, Tensor> crossed = literal();
    crossed.put("x_k", Tensor.zeros(Shape.of(1, N, 3)));
    Trials.assertRefused("x_k was given", lam("reading=LITERAL"), crossed);
  }

  private static Map<String, Tensor> tensors(int n) {
    Map<String, Tensor> tensors = Trials.tensors(1, 2, 2, n, n, 3);
    tensors.put("x", LawSubject.draw("x", Shape.of(1, n, 3)));
    for (String side : List.of("u", "k")) {
      tensors.put("w_" + side + "1", LawSubject.draw("w_" + side + "1", Shape.of(4, 3)));
      tensors.put("w_" + side + "2", LawSubject.draw("w_" + side + "2", Shape.of(2, 4)));
    }
    tensors.put("amplitude", Tensor.of(Shape.of(1), 0.75));
    return tensors;
  }

  private static Map<String, Tensor> literal() {
    Map<String, Tensor> tensors = Trials.tensors(1, 2, 2, N, N, 3);
    tensors.put("x", LawSubject.draw("x", Shape.of(1, N, 3)));
    tensors.put("w_m1", LawSubject.draw("w_m1", Shape.of(4, 3)));
    tensors.put("w_m2", LawSubject.draw("w_m2", Shape.of(7, 4)));
    return tensors;
  }

  private static Lam lam(String... settings) {
    return Trials.make(Lam.class, Arrays.copyOf(settings, settings.length));
  }
}
