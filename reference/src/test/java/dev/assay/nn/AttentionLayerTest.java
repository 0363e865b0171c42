package dev.assay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.catalog.MechanismCatalog;
import dev.assay.engine.ScalarEngine;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.fixed.BlockSparse;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.mechanism.heads.HeadGate;
import dev.assay.mechanism.learned.Cao;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AttentionLayerTest {
  private static final int WIDTH = 8;
  private static final int HEADS = 2;

  private final Parameters parameters = Parameters.drawn(11);

  private Tensor run(AttentionLayer layer, Tensor x) {
    Scope scope = Places.fresh(parameters);
    return layer.of(scope, scope.tape().leaf("x", x)).value();
  }

  @TestFactory
  Stream<DynamicTest> every_mechanism_stands_between_projections() {
    return MechanismCatalog.all().stream()
        .map(
            mechanism ->
                DynamicTest.dynamicTest(
                    mechanism.id(), () -> keepsShapeAndHasGradients(mechanism)));
  }

  private static void keepsShapeAndHasGradients(Mechanism mechanism) {
    AttentionLayer layer = AttentionLayer.of(mechanism, WIDTH, HEADS);
    Parameters fresh = Parameters.drawn(2);
    Tensor x = Places.draw(1, 2, 16, WIDTH);
    Map<String, Tensor> gradients =
        Places.gradients(
            fresh,
            scope -> {
              Var y = layer.of(scope, scope.tape().leaf("x", x));
              assertEquals(Shape.of(2, 16, WIDTH), y.shape());
              return y;
            });
    assertTrue(gradients.containsKey("w_o"), gradients.keySet()::toString);
    gradients.forEach(
        (name, gradient) -> {
          for (int p = 0; p < gradient.size(); p++) {
            assertTrue(Double.isFinite(gradient.get(p)), name);
          }
        });
  }

  @Test
  void dense_attention_has_four_projections() {
    run(AttentionLayer.of(Places.make(Dense.class), WIDTH, HEADS), Places.draw(1, 1, 4, WIDTH));
    assertEquals(Set.of("w_q", "w_k", "w_v", "w_o"), parameters.values().keySet());
    assertEquals(4 * WIDTH * WIDTH, parameters.count());
  }

  @Test
  void grouped_heads_have_smaller_projections_of_keys_and_values() {
    AttentionLayer layer = new AttentionLayer(Places.make(Dense.class), WIDTH, 4, 2);
    run(layer, Places.draw(1, 1, 4, WIDTH));
    assertEquals(Shape.of(4, WIDTH), parameters.get("w_k").shape());
    assertEquals(Shape.of(WIDTH, WIDTH), parameters.get("w_q").shape());
  }

  @Test
  void parameters_of_the_mechanism_are_parameters_of_the_layer() {
    run(AttentionLayer.of(Places.make(HeadGate.class), WIDTH, HEADS), Places.draw(1, 1, 4, WIDTH));
    assertEquals(Shape.of(HEADS, 2 * WIDTH / HEADS), parameters.get("w_gate").shape());
    assertEquals(0, parameters.get("b_gate").get(0));
  }

  @Test
  void a_parameter_begins_as_the_one_number_that_its_example_has() {
    AttentionLayer layer = AttentionLayer.of(Places.make(Cao.class, "strength=0.3"), WIDTH, HEADS);
    run(layer, Places.draw(1, 1, 4, WIDTH));
    assertEquals(0.3, parameters.get("beta").get(0));
    assertTrue(Arrays.stream(parameters.get("phi_b1").toDoubles()).allMatch(b -> b == 0));
    double first = parameters.get("phi_w1").get(0);
    assertTrue(Arrays.stream(parameters.get("phi_w1").toDoubles()).anyMatch(w -> w != first));
  }

  @Test
  void choices_of_the_example_are_drawn_once_for_a_length() {
    AttentionLayer layer =
        AttentionLayer.of(Places.make(BlockSparse.class, "blockQ=2", "blockK=2"), WIDTH, HEADS);
    Tensor x = Places.draw(1, 3, 8, WIDTH);
    assertTrue(run(layer, x).bitEquals(run(layer, x)));
    assertEquals(Set.of("n=8/block_mask"), parameters.buffers().keySet());
  }

  @Test
  void a_layer_has_the_gradients_of_difference_quotients() {
    Tensor x = Places.draw(1, 1, 5, WIDTH);
    AttentionLayer layer =
        AttentionLayer.of(Places.make(HeadGate.class, "mode=SOFT_TRAIN"), WIDTH, HEADS);
    Function<Scope, Var> applied = scope -> layer.of(scope, scope.tape().leaf("x", x));
    Places.gradients(parameters, applied)
        .forEach(
            (name, gradient) -> {
              for (int p = 0; p < gradient.size(); p += 3) {
                double quotient = Places.quotient(parameters, applied, name, p);
                assertEquals(quotient, gradient.get(p), 1e-7, name + " at " + p);
              }
            });
  }

  @Test
  void an_engine_gives_what_the_ops_give() {
    AttentionLayer layer = AttentionLayer.of(Places.make(Dense.class, "causal=true"), WIDTH, HEADS);
    Tensor x = Places.draw(1, 2, 6, WIDTH);
    Scope scope = Scope.of(new Tape(), parameters, Runner.on(new ScalarEngine()));
    Tensor lowered = layer.of(scope, scope.tape().leaf("x", x)).value();
    assertArrayEquals(run(layer, x).toDoubles(), lowered.toDoubles(), 1e-12);
  }

  @Test
  void decoding_from_a_cache_gives_the_rows_of_the_whole() {
    for (Mechanism mechanism :
        new Mechanism[] {
          Places.make(Dense.class, "causal=true", "rope=HALF"),
          Places.make(SlidingWindow.class, "window=3")
        }) {
      AttentionLayer layer = AttentionLayer.of(mechanism, WIDTH, HEADS);
      Tensor x = Places.draw(1, 1, 6, WIDTH);
      Tensor whole = run(layer, x);
      KvCache cache = new KvCache();
      for (int token = 0; token < 6; token++) {
        int from = token * WIDTH;
        Scope scope = Places.fresh(parameters);
        Tensor one = Tensor.generate(Shape.of(1, 1, WIDTH), p -> x.get(from + p));
        Var y = layer.decode(scope, scope.tape().leaf("x", one), cache);
        for (int c = 0; c < WIDTH; c++) {
          assertEquals(whole.get(from + c), y.value().get(c), 1e-12, mechanism.id());
        }
      }
      assertEquals(6, cache.tokens());
      assertEquals(2 * 6 * WIDTH, cache.size());
    }
  }

  @Test
  void heads_must_divide_the_width() {
    Mechanism dense = Places.make(Dense.class);
    assertThrows(IllegalArgumentException.class, () -> AttentionLayer.of(dense, 9, 2));
    assertThrows(IllegalArgumentException.class, () -> new AttentionLayer(dense, 8, 4, 3));
  }
}
