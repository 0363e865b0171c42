package dev.assay.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.autograd.Var;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DistillingTest {
  private final Parameters parameters = Parameters.drawn(4);

  private Var run(Tensor x) {
    Scope scope = Places.fresh(parameters);
    return Distilling.of(scope, scope.tape().leaf("x", x));
  }

  @Test
  void a_sequence_of_any_length_is_halved_upwards() {
    for (int n : new int[] {1, 2, 5, 8}) {
      assertEquals(Shape.of(2, (n + 1) / 2, 3), run(Places.draw(1, 2, n, 3)).shape());
    }
  }

  @Test
  void it_is_the_largest_of_three_convolved_and_normalised_tokens() {
    run(Tensor.zeros(Shape.of(1, 4, 1)));
    // A convolution that looks one token back: -1 becomes token 0 of a circle 2, 0, 4, -6.
    parameters.set("conv.weight", Tensor.of(Shape.of(1, 3), 1, 0, 0));
    parameters.set("conv.bias", Tensor.zeros(Shape.of(1)));
    Tensor out = run(Tensor.of(Shape.of(1, 4, 1), 0, 4, -6, 2)).value();
    double deviation = Math.sqrt((4 + 0 + 16 + 36) / 4.0 + 1e-5);
    assertEquals(2 / deviation, out.get(0), 1e-15);
    assertEquals(4 / deviation, out.get(1), 1e-15);
  }

  @Test
  void below_zero_it_is_an_exponential() {
    run(Tensor.zeros(Shape.of(1, 2, 1)));
    parameters.set("conv.weight", Tensor.of(Shape.of(1, 3), 0, 1, 0));
    parameters.set("conv.bias", Tensor.zeros(Shape.of(1)));
    parameters.set("norm.bias", Tensor.of(Shape.of(1), -5));
    Tensor out = run(Tensor.of(Shape.of(1, 2, 1), 1, -1)).value();
    assertEquals(StrictMath.expm1(1 / Math.sqrt(1 + 1e-5) - 5), out.get(0), 1e-15);
  }

  @Test
  void its_gradients_are_those_of_differences() {
    Tensor x = Places.draw(1, 2, 5, 3);
    var gradients =
        Places.gradients(parameters, scope -> Distilling.of(scope, scope.tape().leaf("x", x)));
    gradients.forEach(
        (name, gradient) -> {
          double quotient =
              Places.quotient(
                  parameters, scope -> Distilling.of(scope, scope.tape().leaf("x", x)), name, 1);
          assertEquals(quotient, gradient.get(1), 1e-7 * (1 + Math.abs(quotient)), name);
        });
  }

  @Test
  void nothing_cannot_be_halved() {
    assertThrows(IllegalArgumentException.class, () -> run(Tensor.zeros(Shape.of(1, 0, 3))));
  }
}
