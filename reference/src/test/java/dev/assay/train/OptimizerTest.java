package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.nn.Parameters;
import dev.assay.nn.Start;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  private final Parameters parameters = Parameters.drawn(1);

  private void parameter(String name, double... values) {
    Shape shape = Shape.of(1, values.length);
    parameters.get(name, shape, Start.zeros());
    parameters.set(name, Tensor.of(shape, values));
  }

  private static Tensor row(double... values) {
    return Tensor.of(Shape.of(1, values.length), values);
  }

  @Test
  void the_first_step_of_adam_goes_by_the_rate_whatever_the_gradient() {
    parameter("w", 1, 1);
    Adam.plain().step(parameters, Map.of("w", row(0.001, -500)), 0.1);
    // m / (1 - beta1) = g, sqrt(v / (1 - beta2)) = |g|, and eps is 1e-8 of it
    assertEquals(0.9, parameters.get("w").get(0), 1e-5);
    assertEquals(1.1, parameters.get("w").get(1), 1e-10);
  }

  @Test
  void two_steps_of_adam_are_those_of_a_calculation_by_hand() {
    parameter("w", 0);
    Adam adam = Adam.plain();
    adam.step(parameters, Map.of("w", row(1)), 1);
    adam.step(parameters, Map.of("w", row(2)), 1);
    // m = 0.9 * 0.1 + 0.1 * 2 = 0.29, / 0.19; v = 0.999 * 0.001 + 0.001 * 4 = 0.004999, / 0.001999
    double second = 0.29 / 0.19 / Math.sqrt(0.004999 / 0.001999);
    assertEquals(-1 - second, parameters.get("w").get(0), 1e-7);
  }

  @Test
  void decay_is_decoupled_and_spares_vectors() {
    parameter("w", 2);
    parameters.get("b", Shape.of(1), Start.ones());
    SequencedMap<String, Tensor> gradients = new LinkedHashMap<>();
    gradients.put("w", row(0));
    gradients.put("b", Tensor.of(Shape.of(1), 0));
    Adam.decoupled(0.5).step(parameters, gradients, 0.1);
    assertEquals(2 - 0.1 * 0.5 * 2, parameters.get("w").get(0), 1e-15);
    assertEquals(1, parameters.get("b").get(0));
  }

  @Test
  void momentum_adds_up() {
    parameter("w", 0);
    Sgd sgd = new Sgd(0.5);
    sgd.step(parameters, Map.of("w", row(1)), 0.1);
    sgd.step(parameters, Map.of("w", row(1)), 0.1);
    assertEquals(-0.1 - 0.15, parameters.get("w").get(0), 1e-15);
  }

  @Test
  void a_gradient_that_is_not_finite_is_refused() {
    parameter("w", 0);
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> Adam.plain().step(parameters, Map.of("w", row(Double.NaN)), 1));
    assertTrue(String.valueOf(refusal.getMessage()).contains("w"), refusal::getMessage);
    assertEquals(0, parameters.get("w").get(0));
  }

  @Test
  void schedules_have_their_known_values() {
    Schedule cosine = Schedule.cosine(2, 10).warmUp(4);
    assertEquals(0.5, cosine.rate(0));
    assertEquals(2 * (1 + StrictMath.cos(Math.PI * 0.4)) / 2, cosine.rate(4), 1e-15);
    assertEquals(0, cosine.rate(10), 1e-15);
    assertEquals(0, cosine.rate(50), 1e-15);
    assertEquals(3, Schedule.inverseRoot(3, 100).rate(50));
    assertEquals(1.5, Schedule.inverseRoot(3, 100).rate(399));
  }

  @Test
  void clipping_scales_all_gradients_together() {
    SequencedMap<String, Tensor> gradients = new LinkedHashMap<>();
    gradients.put("a", row(3));
    gradients.put("b", row(4));
    assertEquals(5, Clipping.norm(gradients));
    SequencedMap<String, Tensor> clipped = Clipping.clip(gradients, 1);
    assertEquals(1, Clipping.norm(clipped), 1e-15);
    assertEquals(0.6, clipped.firstEntry().getValue().get(0), 1e-15);
    assertEquals(gradients, Clipping.clip(gradients, 5));
  }

  @Test
  void stars_freeze_whole_families() {
    Freezing frozen = Freezing.of("embedding.*", "*.w_k");
    assertTrue(frozen.test("embedding.weight"));
    assertTrue(frozen.test("block0.attention.w_k"));
    assertTrue(!frozen.test("block0.attention.w_q"));
    assertTrue(!frozen.test("embeddingXweight"));
    assertTrue(!Freezing.none().test("x"));
  }
}
