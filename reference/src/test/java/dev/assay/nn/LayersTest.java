package dev.assay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.nn.FeedForward.Activation;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayersTest {
  /** A few roundings of numbers near one. */
  private static final double NEAR = 1e-14;

  private final Tape tape = new Tape();

  private Var leaf(Shape shape, double... values) {
    return tape.leaf("x", Tensor.of(shape, values));
  }

  @Test
  void a_linear_layer_multiplies_with_the_transposed_weight_and_adds_the_bias() {
    Var w = leaf(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    Var y = new Linear(w, leaf(Shape.of(2), 10, 20)).of(leaf(Shape.of(1, 1, 3), 1, 0, -1));
    assertArrayEquals(new double[] {8, 18}, y.value().toDoubles());
    assertEquals(Shape.of(1, 1, 2), y.shape());
  }

  @Test
  void an_embedding_gives_the_row_of_each_token() {
    Var table = leaf(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
    Var y = new Embedding(table).of(new int[][] {{2, 0}, {1, 2}});
    assertArrayEquals(new double[] {5, 6, 1, 2, 3, 4, 5, 6}, y.value().toDoubles());
  }

  @Test
  void sequences_of_unequal_length_are_not_embedded() {
    Embedding embedding = new Embedding(leaf(Shape.of(3, 1), 1, 2, 3));
    assertThrows(IllegalArgumentException.class, () -> embedding.of(new int[][] {{0, 1}, {2}}));
  }

  @Test
  void layer_norm_divides_by_the_deviation_of_the_population() {
    Var ones = leaf(Shape.of(2), 1, 1);
    Var zeros = leaf(Shape.of(2), 0, 0);
    Var y = new LayerNorm(ones, zeros, 3).of(leaf(Shape.of(1, 2), 5, 7));
    // mean 6, variance 1, so 1 / sqrt(1 + 3)
    assertArrayEquals(new double[] {-0.5, 0.5}, y.value().toDoubles(), NEAR);
  }

  @Test
  void rms_norm_does_not_subtract_the_mean() {
    Var gain = leaf(Shape.of(2), 2, 1);
    Var y = new RmsNorm(gain, 0.5).of(leaf(Shape.of(1, 2), 1, 2));
    // mean square 2.5, so 1 / sqrt(3)
    double root = Math.sqrt(3);
    assertArrayEquals(new double[] {2 / root, 2 / root}, y.value().toDoubles(), NEAR);
  }

  @Test
  void the_activations_have_their_known_values_at_one() {
    Var x = leaf(Shape.of(2), 1, -1);
    double[] relu = FeedForward.activate(Activation.RELU, x).value().toDoubles();
    assertArrayEquals(new double[] {1, 0}, relu, 0);
    double[] gelu = FeedForward.activate(Activation.GELU_TANH, x).value().toDoubles();
    // The exact function has 0.8413447 at 1; the approximation is known to give 0.8411920.
    assertArrayEquals(new double[] {0.841192, -0.158808}, gelu, 1e-6);
    double[] silu = FeedForward.activate(Activation.SILU, x).value().toDoubles();
    assertArrayEquals(new double[] {0.731058578630005, -0.268941421369995}, silu, NEAR);
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void feed_forward_layers_have_the_gradients_of_difference_quotients(Activation activation) {
    Parameters parameters = Parameters.drawn(3);
    Tensor x = Places.draw(1, 2, 3);
    Function<Scope, Var> layer =
        scope -> new FeedForward(4, activation).of(scope, scope.tape().leaf("x", x));
    Places.gradients(parameters, layer)
        .forEach(
            (name, gradient) -> {
              for (int p = 0; p < gradient.size(); p++) {
                double quotient = Places.quotient(parameters, layer, name, p);
                assertEquals(quotient, gradient.get(p), 1e-7, name + " at " + p);
              }
            });
  }

  @Test
  void sine_positions_are_interleaved() {
    double[] waves = Positions.waves(3, 1, 4).toDoubles();
    assertArrayEquals(
        new double[] {
          StrictMath.sin(3), StrictMath.cos(3), StrictMath.sin(0.03), StrictMath.cos(0.03)
        },
        waves,
        1e-15);
  }

  @Test
  void heads_are_split_and_joined_without_loss() {
    Tensor x = Places.draw(2, 2, 3, 8);
    Var back = Heads.join(Heads.split(tape.leaf("x", x), 4));
    assertArrayEquals(x.toDoubles(), back.value().toDoubles());
  }

  @Test
  void dropout_keeps_the_mean_and_drops_about_its_share() {
    Scope.Dropout dropout = new Scope.Dropout(0.25, 1, 0);
    Scope scope = Scope.of(tape, Parameters.drawn(1), Runner.naive(), dropout);
    Var y = scope.drop("x", tape.leaf("x", Tensor.full(Shape.of(10_000), 1)));
    int dropped = 0;
    for (int p = 0; p < y.shape().size(); p++) {
      double value = y.value().get(p);
      assertTrue(value == 0 || value == 1 / 0.75);
      dropped += value == 0 ? 1 : 0;
    }
    // Four standard deviations of a binomial count: sqrt(10000 / 4 * 3 / 4) = 43.
    assertEquals(2500, dropped, 4 * 43.4);
  }
}
