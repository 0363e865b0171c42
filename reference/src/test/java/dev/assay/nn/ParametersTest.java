package dev.assay.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ParametersTest {
  private static final Shape SHAPE = Shape.of(3, 4);

  @Test
  void first_values_depend_on_seed_and_name_alone() {
    Parameters one = Parameters.drawn(5);
    Parameters other = Parameters.drawn(5);
    other.get("before", SHAPE, Start.bell(1));
    Tensor a = one.get("w", SHAPE, Start.bell(1));
    assertTrue(a.bitEquals(other.get("w", SHAPE, Start.bell(1))));
    assertFalse(a.bitEquals(other.get("before")));
    assertFalse(a.bitEquals(Parameters.drawn(6).get("w", SHAPE, Start.bell(1))));
  }

  @Test
  void a_bell_has_mean_zero_and_the_deviation_asked_for() {
    Tensor drawn = Parameters.drawn(1).get("w", Shape.of(20_000), Start.bell(0.5));
    double mean = 0;
    double square = 0;
    for (int p = 0; p < drawn.size(); p++) {
      mean += drawn.get(p) / drawn.size();
      square += drawn.get(p) * drawn.get(p) / drawn.size();
    }
    // Four standard errors: 0.5 / sqrt(20000), and of a deviation 0.5 / sqrt(40000).
    assertEquals(0, mean, 0.0142);
    assertEquals(0.5, Math.sqrt(square), 0.01);
  }

  @Test
  void a_parameter_keeps_its_shape() {
    Parameters parameters = Parameters.drawn(1);
    parameters.get("w", SHAPE, Start.zeros());
    assertThrows(
        IllegalArgumentException.class, () -> parameters.get("w", Shape.of(4, 3), Start.zeros()));
    assertThrows(
        IllegalArgumentException.class, () -> parameters.set("w", Tensor.zeros(Shape.of(12))));
  }

  @Test
  void what_a_checkpoint_lacks_is_not_drawn() {
    Parameters parameters = Parameters.of(1, Map.of("w", Tensor.zeros(SHAPE)), Map.of());
    assertEquals(SHAPE, parameters.get("w", SHAPE, Start.ones()).shape());
    assertThrows(IllegalArgumentException.class, () -> parameters.get("v", SHAPE, Start.ones()));
  }

  @Test
  void buffers_are_drawn_once() {
    Parameters parameters = Parameters.drawn(1);
    parameters.buffers("layer/n=4", () -> Map.of("mask", Tensor.scalar(1)));
    Map<String, Tensor> again =
        parameters.buffers("layer/n=4", () -> Map.of("mask", Tensor.scalar(2)));
    assertEquals(1, Objects.requireNonNull(again.get("mask")).get(0));
    assertEquals(0, parameters.count());
  }
}
