package dev.assay.gradcheck.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bounds where one score is far from all others, and where scores leave the class. */
class HugeScoresTest {
  private static final int KEYS = 12;

  private static Map<String, Tensor> inputs(int depth) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("q", draw(1, 1, 1, 3, depth));
    inputs.put("k", draw(2, 1, 1, KEYS, depth));
    inputs.put("v", draw(3, 1, 1, KEYS, 4));
    inputs.put("d_out", draw(4, 1, 1, 3, 4));
    inputs.put("d_lse", draw(5, 1, 1, 3));
    return inputs;
  }

  private static Tensor draw(int stream, int... extents) {
    return Trial.draw(Shape.of(extents), 5, stream, -16, PrecisionClass.F32_FLASH);
  }

  private static Evaluation run(Map<String, Tensor> inputs) {
    return Evaluation.lower(MechanismCatalog.find("dense"), inputs, new ScalarEngine());
  }

  private static SequencedMap<String, Tensor> bounds(Evaluation run) {
    return Bounds.of(run, PrecisionClass.F32_FLASH, Declared.NOTHING, Bounds.Reference.PROVEN);
  }

  private static Tensor of(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name));
  }

  private static double most(Tensor bound) {
    return Arrays.stream(bound.toDoubles()).reduce(0, Math::max);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e9, -1e10, -1e30, -3.4028234663852886e38})
  void a_key_that_a_finite_mask_takes_away_leaves_the_bounds_of_the_others(double masked) {
    Map<String, Tensor> far = inputs(4);
    far.put("bias", Tensor.generate(Shape.of(1, 1, 1, KEYS), p -> p == 5 ? (float) masked : 0));
    Map<String, Tensor> without = inputs(4);
    without.put("mask", Tensor.generate(Shape.of(1, 1, 1, KEYS), p -> p == 5 ? 0 : 1));
    SequencedMap<String, Tensor> bounds = bounds(run(far));
    SequencedMap<String, Tensor> right = bounds(run(without));
    right.forEach(
        (name, bound) ->
            assertTrue(
                most(of(bounds, name)) <= 1.3 * most(bound),
                () -> name + " " + most(of(bounds, name)) + " against " + most(bound)));
  }

  @Test
  void a_key_of_weight_0_by_its_own_size_leaves_finite_bounds() {
    Map<String, Tensor> inputs = inputs(64);
    Tensor q = Tensor.generate(Shape.of(1, 1, 3, 64), _ -> 1);
    Tensor k = of(inputs, "k");
    inputs.put("q", q);
    inputs.put("k", Tensor.generate(k.shape(), p -> p / 64 == 7 ? -0x1p27 : k.get(p)));
    SequencedMap<String, Tensor> bounds = bounds(run(inputs));
    assertTrue(most(of(bounds, "out")) < 1e-4, bounds.toString());
    assertTrue(most(of(bounds, "lse")) < 1e-4, bounds.toString());
    // dq reaches the large key by what the gradient of its score may lose in underflow only.
    bounds.forEach((name, bound) -> assertTrue(most(bound) < 1e-2, name + " " + most(bound)));
  }

  @Test
  void nothing_is_asked_of_a_row_whose_scores_overflow_and_all_of_the_others() {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("q", Tensor.adopt(Shape.of(1, 1, 2, 1), new double[] {(float) 1e20, (float) 1e-20}));
    inputs.put("k", Tensor.adopt(Shape.of(1, 1, 2, 1), new double[] {(float) 1e20, (float) 2e20}));
    inputs.put("v", Tensor.adopt(Shape.of(1, 1, 2, 2), new double[] {1, 0, 2, 0}));
    inputs.put("d_out", Tensor.generate(Shape.of(1, 1, 2, 2), _ -> 0));
    Evaluation run = run(inputs);
    SequencedMap<String, Tensor> bounds = bounds(run);
    double inf = Double.POSITIVE_INFINITY;
    assertEquals(2.0, run.answer().out().value().get(0));
    assertEquals(inf, of(bounds, "out").get(0));
    // 0 times an unbounded weight is unbounded too.
    assertEquals(inf, of(bounds, "out").get(1));
    assertEquals(inf, of(bounds, "lse").get(0));
    for (String gradient : new String[] {"dq", "dk", "dv"}) {
      assertEquals(inf, of(bounds, gradient).get(0), gradient);
    }
    assertTrue(of(bounds, "out").get(2) < 1e-3, bounds.toString());
    assertTrue(Double.isFinite(of(bounds, "dq").get(1)), bounds.toString());
  }

  @Test
  void a_scale_may_make_a_score_overflow() {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("q", Tensor.adopt(Shape.of(1, 1, 1, 1), new double[] {(float) 1e18}));
    inputs.put("k", Tensor.adopt(Shape.of(1, 1, 2, 1), new double[] {(float) 1e18, (float) 2e18}));
    inputs.put("v", Tensor.adopt(Shape.of(1, 1, 2, 1), new double[] {1, 2}));
    Evaluation run =
        Evaluation.lower(
            Settings.make(MechanismCatalog.find("dense").getClass(), Map.of("scale", "1000")),
            inputs,
            new ScalarEngine());
    assertEquals(Double.POSITIVE_INFINITY, of(bounds(run), "out").get(0));
  }

  @Test
  void what_is_not_finite_is_asked_for_as_it_is() {
    Map<String, Tensor> inputs = inputs(4);
    Tensor v = of(inputs, "v");
    inputs.put(
        "v", Tensor.generate(v.shape(), p -> p == 0 ? Double.NaN : p == 1 ? 1.0 / 0 : v.get(p)));
    Tensor bound = of(bounds(run(inputs)), "out");
    assertEquals(0, bound.get(0));
    assertEquals(0, bound.get(1));
    assertTrue(bound.get(2) > 0 && bound.get(2) < 1e-5, bound.toString());
  }
}
