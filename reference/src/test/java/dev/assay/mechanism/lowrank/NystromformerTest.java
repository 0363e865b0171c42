package dev.assay.mechanism.lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

class NystromformerTest {
  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 5.1e-11;

  private static final int N = 8;
  private static final int D = 4;

  private static Mechanism nystrom(String... settings) {
    return Settings.make(Nystromformer.class, Settings.parse(List.of(settings)));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).answer().out().value();
  }

  /** The tensors of the sample of golden numbers. */
  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", grid((i, t) -> StrictMath.sin(1 + .7 * i + 1.3 * t)));
    tensors.put("k", grid((i, t) -> StrictMath.cos(.5 + .9 * i + .4 * t + .1 * i * t)));
    tensors.put("v", grid((i, t) -> StrictMath.sin(.3 + 1.1 * i - .6 * t)));
    return tensors;
  }

  private interface Entry {
    double at(int i, int t);
  }

  private static Tensor grid(Entry entry) {
    return Tensor.generate(Shape.of(1, 1, N, D), p -> entry.at(p / D, p % D));
  }

  @Test
  void starts_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = NystromformerCases.all().getFirst().tensors();
    assertEquals(-0.0391996885, out(nystrom("landmarks=3"), tensors).at(1, 1, 0, 0), PRINTED);
    assertEquals(
        -0.0453282972,
        out(nystrom("landmarks=3", "start=ORIGINAL"), tensors).at(1, 1, 0, 0),
        PRINTED);
  }

  @Test
  void thirty_iterations_give_the_numbers_of_a_separate_program() {
    Tensor out = out(nystrom("landmarks=4", "iterations=30"), tensors());
    double sum = 0;
    double weighted = 0;
    for (int p = 0; p < out.size(); p++) {
      sum += out.get(p);
      int i = p / D;
      weighted += StrictMath.cos(i + 2.0 * (p % D)) * out.get(p);
    }
    assertEquals(0.9929479083, sum, 1e-9);
    assertEquals(-1.0899118649, weighted, 1e-9);
    assertEquals(-0.0160331770, out.at(0, 0, 5, 2), 1e-9);
  }

  /** 1.1e-3 and 3.2e-4 are what the separate program found. */
  @Test
  void as_many_landmarks_as_tokens_come_to_dense_attention_as_the_inverse_converges() {
    Map<String, Tensor> tensors = tensors();
    Tensor dense = out(Settings.defaults(Dense.class), tensors);
    assertEquals(1.1e-3, distance(dense, out(nystrom("landmarks=8"), tensors)), 1e-4);
    assertEquals(
        3.2e-4, distance(dense, out(nystrom("landmarks=8", "iterations=10"), tensors)), 1e-4);
    assertEquals(0, distance(dense, out(nystrom("landmarks=8", "iterations=25"), tensors)), 1e-12);
    Tensor upstream = out(nystrom("landmarks=8", "reading=UPSTREAM"), tensors);
    Results.assertSameBits("out", dense, upstream);
  }

  private static double distance(Tensor a, Tensor b) {
    double most = 0;
    for (int p = 0; p < a.size(); p++) {
      most = Math.max(most, Math.abs(a.get(p) - b.get(p)));
    }
    return most;
  }

  /** In the null space of A rounding errors grow by 13/4 with each step: there are few of them. */
  @Test
  void the_iteration_ends_at_the_pseudo_inverse_also_of_a_singular_matrix() {
    double[] a = {0.5, 0.3, 0.2, 0.1, 0.6, 0.3, 0.5, 0.3, 0.2};
    DMatrixRMaj expected = new DMatrixRMaj(3, 3);
    CommonOps_DDRM.pinv(new DMatrixRMaj(3, 3, true, a), expected);
    Tensor found =
        new PseudoInverse(PseudoInverse.Start.PER_MATRIX, 12)
            .of(new Tape().leaf("a", Tensor.of(Shape.of(1, 1, 3, 3), a)))
            .value();
    for (int p = 0; p < 9; p++) {
      assertEquals(expected.get(p), found.get(p), 1e-9);
    }
  }

  @Test
  void padding_changes_nothing_as_precise_and_something_as_upstream() {
    Map<String, Tensor> six = new HashMap<>();
    tensors().forEach((name, x) -> six.put(name, rows(x, 6)));
    Map<String, Tensor> padded = tensors();
    padded.put("q_lens", Tensor.of(Shape.of(1), 6));
    padded.put("k_lens", Tensor.of(Shape.of(1), 6));
    Tensor precise = out(nystrom("landmarks=2"), padded);
    Results.assertSameBits("out", out(nystrom("landmarks=2"), six), rows(precise, 6));
    assertEquals(0, precise.at(0, 0, 6, 0));
    Tensor upstream = out(nystrom("landmarks=2", "reading=UPSTREAM"), padded);
    assertTrue(distance(rows(precise, 6), rows(upstream, 6)) > 1e-3);
    assertFalse(upstream.at(0, 0, 6, 0) == 0, "a padded query is a query");
  }

  private static Tensor rows(Tensor x, int end) {
    return Tensor.generate(x.shape().with(2, end), x::get);
  }

  @Test
  void one_sample_changes_another_only_with_the_original_start() {
    Map<String, Tensor> two = NystromformerCases.all().getFirst().tensors();
    Map<String, Tensor> other = new HashMap<>(two);
    Tensor q = Results.get(two, "q");
    other.put("q", Tensor.generate(q.shape(), p -> p < q.size() / 2 ? 3 * q.get(p) : q.get(p)));
    for (String start : List.of("PER_MATRIX", "ORIGINAL")) {
      Mechanism mechanism = nystrom("landmarks=3", "start=" + start);
      Tensor before = out(mechanism, two);
      Tensor after = out(mechanism, other);
      boolean same = true;
      for (int p = before.size() / 2; p < before.size(); p++) {
        same &= before.get(p) == after.get(p);
      }
      assertEquals(start.equals("PER_MATRIX"), same, start);
    }
  }

  @Test
  void the_convolution_is_added_and_sees_zeros_outside() {
    Map<String, Tensor> tensors = tensors();
    Tensor without = out(nystrom("landmarks=4"), tensors);
    tensors.put("conv", Tensor.of(Shape.of(1, 3), 0.5, 2, -1));
    Tensor with = out(nystrom("landmarks=4"), tensors);
    Tensor v = Results.get(tensors, "v");
    assertEquals(
        without.at(0, 0, 0, 1) + 2 * v.at(0, 0, 0, 1) - v.at(0, 0, 1, 1),
        with.at(0, 0, 0, 1),
        1e-14);
    assertEquals(
        without.at(0, 0, 7, 1) + 0.5 * v.at(0, 0, 6, 1) + 2 * v.at(0, 0, 7, 1),
        with.at(0, 0, 7, 1),
        1e-14);
  }

  @Test
  void what_the_readings_do_not_take_is_refused() {
    refused("no multiple of 3 landmarks", nystrom("landmarks=3", "reading=UPSTREAM"), tensors());
    Map<String, Tensor> even = tensors();
    even.put("conv", Tensor.zeros(Shape.of(1, 4)));
    refused("with an odd w", nystrom("landmarks=4"), even);
    Map<String, Tensor> fewer = tensors();
    fewer.put("q", rows(Results.get(fewer, "q"), 4));
    refused("want as many of both", nystrom("landmarks=4"), fewer);
  }

  private static void refused(String why, Mechanism mechanism, Map<String, Tensor> tensors) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> out(mechanism, tensors));
    assertTrue(refusal.toString().contains(why), refusal.toString());
  }
}
