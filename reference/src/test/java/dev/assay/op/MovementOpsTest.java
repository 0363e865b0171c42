package dev.assay.op;

import static dev.assay.op.Recorded.assertValues;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.autograd.Var;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MovementOpsTest {
  private final Recorded on = new Recorded();

  @Test
  void permute_moves_axes_where_they_are_named() {
    Var x = on.tape.leaf("x", Tensor.generate(Shape.of(2, 3, 2), p -> p));
    Var y = Ops.permute(x, 1, 2, 0);
    assertEquals(Shape.of(3, 2, 2), y.shape());
    assertEquals(x.value().at(1, 2, 0), y.value().at(2, 0, 1));
    assertValues(Ops.permute(y, 2, 0, 1), x.value().toDoubles());
  }

  @Test
  void permute_refuses_an_axis_named_twice() {
    Var x = on.matrix(1, 1, 0);
    assertThrows(IllegalArgumentException.class, () -> Ops.permute(x, 0, 0));
  }

  @Test
  void transpose_exchanges_the_last_two_axes() {
    assertValues(Ops.transpose(on.matrix(2, 3, 1, 2, 3, 4, 5, 6)), 1, 4, 2, 5, 3, 6);
  }

  @Test
  void sums_keep_the_axis_and_their_gradient_spreads() {
    Var x = on.matrix(2, 3, 1, 2, 3, 4, 5, 6);
    Var y = Ops.sum(x, -1);
    assertEquals(Shape.of(2, 1), y.shape());
    assertValues(y, 6, 15);
    assertValues(on.gradient(y, x, 1, 2), 1, 1, 1, 2, 2, 2);
  }

  @Test
  void a_slice_of_the_inner_axis_and_its_gradient() {
    Var x = on.matrix(2, 3, 1, 2, 3, 4, 5, 6);
    Var y = Ops.slice(x, -1, 1, 3);
    assertValues(y, 2, 3, 5, 6);
    assertValues(on.gradient(y, x, 1, 2, 3, 4), 0, 1, 2, 0, 3, 4);
  }

  @Test
  void padding_surrounds_with_zeros() {
    assertValues(Ops.pad(on.matrix(2, 1, 1, 2), 1, 1, 2), 0, 1, 0, 0, 0, 2, 0, 0);
  }

  @Test
  void concat_puts_parts_side_by_side_and_parts_the_gradient() {
    Var a = on.matrix(2, 1, 1, 2);
    Var b = on.matrix(2, 2, 3, 4, 5, 6);
    Var y = Ops.concat(1, a, b);
    assertValues(y, 1, 3, 4, 2, 5, 6);
    assertValues(on.gradient(y, b, 1, 2, 3, 4, 5, 6), 2, 3, 5, 6);
  }

  @Test
  void a_row_gathered_twice_gets_both_gradients() {
    Var x = on.matrix(3, 2, 1, 2, 3, 4, 5, 6);
    Var y = Ops.gather(x, 0, new int[] {2, 0, 2});
    assertValues(y, 5, 6, 1, 2, 5, 6);
    assertValues(on.gradient(y, x, 1, 1, 10, 10, 100, 100), 10, 10, 0, 0, 101, 101);
  }

  @Test
  void scattered_rows_that_meet_are_added() {
    Var x = on.matrix(3, 1, 1, 2, 4);
    Var y = Ops.scatterAdd(x, 0, new int[] {1, 0, 1}, 3);
    assertValues(y, 2, 5, 0);
    assertValues(on.gradient(y, x, 7, 8, 9), 8, 7, 8);
  }

  @Test
  void an_index_outside_is_refused() {
    Var x = on.vector(1, 2);
    assertThrows(IllegalArgumentException.class, () -> Ops.gather(x, 0, new int[] {2}));
    assertThrows(IllegalArgumentException.class, () -> Ops.scatterAdd(x, 0, new int[] {0, 5}, 5));
    assertThrows(IllegalArgumentException.class, () -> Ops.slice(x, 0, 1, 3));
  }

  @Test
  void interleaved_rotation_by_a_quarter_turn() {
    Var y =
        Ops.rotary(
            on.matrix(1, 4, 1, 2, 3, 4),
            on.matrix(1, 2, 0, 1),
            on.matrix(1, 2, 1, 0),
            Rotary.Layout.INTERLEAVED);
    assertValues(y, -2, 1, 3, 4);
  }

  @Test
  void half_rotation_by_a_quarter_turn_lets_the_rest_pass() {
    Var x = on.matrix(1, 5, 1, 2, 3, 4, 5);
    Var y = Ops.rotary(x, on.matrix(1, 2, 0, 1), on.matrix(1, 2, 1, 0), Rotary.Layout.HALF);
    assertValues(y, -3, 2, 1, 4, 5);
    assertValues(on.gradient(y, x, 1, 0, 0, 0, 9), 0, 0, -1, 0, 9);
  }

  @Test
  void angles_without_heads_serve_every_head() {
    Var x = on.tape.leaf("x", Tensor.generate(Shape.of(1, 2, 1, 2), p -> p + 1));
    Var y = Ops.rotary(x, on.matrix(1, 1, 0), on.matrix(1, 1, 1), Rotary.Layout.HALF);
    assertValues(y, -2, 1, -4, 3);
  }
}
