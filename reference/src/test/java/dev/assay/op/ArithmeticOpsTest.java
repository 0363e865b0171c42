package dev.assay.op;

import static dev.assay.op.Recorded.assertNear;
import static dev.assay.op.Recorded.assertValues;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.autograd.Var;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ArithmeticOpsTest {
  private final Recorded on = new Recorded();

  @Test
  void a_row_and_a_column_broadcast_to_a_matrix() {
    Var sum = Ops.add(on.matrix(2, 1, 10, 20), on.vector(1, 2, 3));
    assertEquals(Shape.of(2, 3), sum.shape());
    assertValues(sum, 11, 12, 13, 21, 22, 23);
  }

  @Test
  void the_gradient_of_a_broadcast_operand_is_summed_back() {
    Var column = on.matrix(2, 1, 10, 20);
    Var y = Ops.mul(column, on.vector(1, 2, 3));
    assertValues(on.gradient(y, column, 1, 1, 1, 0, 0, 2), 6, 6);
  }

  @Test
  void shapes_that_do_not_broadcast_are_refused_by_name() {
    Var a = on.vector(1, 2);
    Var b = on.vector(1, 2, 3);
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> Ops.sub(a, b));
    assertEquals(
        "shapes [2] and [3] do not broadcast: extents must agree or be 1", refusal.getMessage());
  }

  @Test
  void division_has_the_quotient_rule() {
    Var a = on.vector(6, 1);
    Var b = on.vector(2, -4);
    Var y = Ops.div(a, b);
    assertValues(y, 3, -0.25);
    assertValues(on.gradient(y, a, 1, 1), 0.5, -0.25);
    assertValues(on.gradient(y, b, 1, 1), -1.5, -0.0625);
  }

  @Test
  void sigmoid_does_not_overflow() {
    assertValues(Ops.sigmoid(on.vector(-1000, 0, 1000)), 0, 0.5, 1);
  }

  @Test
  void the_slope_of_tanh_at_zero_is_one() {
    Var x = on.vector(0);
    assertValues(on.gradient(Ops.tanh(x), x, 1), 1);
  }

  @Test
  void the_second_derivative_of_the_exponential_is_itself() {
    Var x = on.vector(1);
    Var first = on.gradient(Ops.exp(x), x, 1);
    assertNear(on.gradient(first, x, 1), StrictMath.E);
  }

  @Test
  void the_third_derivative_of_a_fourth_power() {
    Var x = on.vector(2);
    Var square = Ops.mul(x, x);
    Var first = on.gradient(Ops.mul(square, square), x, 1);
    Var second = on.gradient(first, x, 1);
    assertValues(on.gradient(second, x, 1), 48);
  }

  @Test
  void a_step_takes_its_threshold_in_and_has_no_slope() {
    Var x = on.vector(0.4, 0.5, Double.NaN);
    Var y = Ops.step(x, 0.5);
    assertValues(y, 0, 1, 0);
    assertValues(on.gradient(y, x, 1, 1, 1), 0, 0, 0);
  }

  @Test
  void straight_through_shows_the_hard_value_and_the_soft_gradient() {
    Var soft = on.vector(0.3, 0.8);
    Var hard = on.vector(0, 1);
    Var y = Ops.straightThrough(hard, soft);
    assertValues(y, 0, 1);
    assertValues(on.gradient(y, soft, 5, 7), 5, 7);
    assertValues(on.gradient(y, hard, 5, 7), 0, 0);
  }

  @Test
  void detach_stops_the_gradient() {
    Var x = on.vector(3);
    assertValues(on.gradient(Ops.mul(x, Ops.detach(x)), x, 1), 3);
  }

  @Test
  void select_drops_what_is_not_kept_even_if_it_is_not_a_number() {
    Var x = on.vector(1, Double.NaN, 3);
    Tensor keep = Tensor.of(Shape.of(3), 1, 0, 1);
    Var y = Ops.select(x, keep);
    assertValues(y, 1, 0, 3);
    assertValues(on.gradient(y, x, 4, Double.NaN, 6), 4, 0, 6);
  }

  @Test
  void relu_has_slope_zero_at_zero_and_lets_not_a_number_through() {
    Var x = on.vector(-2, 0, 3, Double.NaN);
    Var y = Composed.relu(x);
    assertValues(y, 0, 0, 3, Double.NaN);
    assertValues(on.gradient(Composed.relu(on.vector(1)), x, 1), 0, 0, 0, 0);
    Var finite = on.vector(-2, 0, 3);
    assertValues(on.gradient(Composed.relu(finite), finite, 1, 1, 1), 0, 0, 1);
  }

  @Test
  void the_root_mean_square_of_a_normalised_row_is_one() {
    Var y = Composed.rmsNorm(on.matrix(1, 2, 3, 4), 0);
    assertNear(Composed.mean(Ops.mul(y, y), -1), 1);
  }

  @Test
  void the_largest_element_gets_the_gradient_and_the_first_of_equals_wins() {
    Var x = on.matrix(2, 3, 1, 7, 7, 5, 2, 3);
    Var y = Composed.max(x);
    assertValues(y, 7, 5);
    assertValues(on.gradient(y, x, 10, 20), 0, 10, 0, 20, 0, 0);
  }
}
