package dev.assay.mechanism;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.mechanism.Distillation.Reduction;
import dev.assay.op.Gradient;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class DivergenceOfRowsTest {
  private static final Shape ROWS = Shape.of(1, 1, 2, 3);
  private static final Tensor ALL = Tensor.full(ROWS, 1);

  @Test
  void a_gate_that_knows_has_no_loss_and_no_gradient() {
    Tensor p = Tensor.of(ROWS, 0.5, 0.25, 0.25, 0.125, 0.125, 0.75);
    Tensor z = Tensor.generate(ROWS, e -> StrictMath.log(p.get(e)) + 3);
    assertEquals(0, loss(Distillation.BY_ROWS, z, p, ALL), 1e-15);
    assertArrayEquals(new double[6], gradient(Distillation.BY_ROWS, z, p, ALL), 1e-15);
  }

  /** Uniform against certain is log 3 a row. */
  @Test
  void the_reductions_divide_by_rows_elements_or_nothing() {
    Tensor p = Tensor.of(ROWS, 1, 0, 0, 0, 1, 0);
    Tensor z = Tensor.zeros(ROWS);
    double row = StrictMath.log(3);
    assertEquals(row, loss(Distillation.BY_ROWS, z, p, ALL), 1e-15);
    assertEquals(2 * row, loss(new Distillation(Reduction.SUM, 0), z, p, ALL), 1e-15);
    assertEquals(2 * row / 6, loss(new Distillation(Reduction.ALL_ELEMENTS, 0), z, p, ALL), 1e-15);
    assertEquals(row / 3, loss(new Distillation(Reduction.ALL_ELEMENTS, 0.5), z, p, ALL), 1e-15);
  }

  @Test
  void the_gradient_is_softmax_minus_target() {
    Tensor p = Tensor.of(ROWS, 1, 0, 0, 0, 0.5, 0.5);
    double third = 1.0 / 3;
    assertArrayEquals(
        new double[] {third - 1, third, third, third, third - 0.5, third - 0.5},
        gradient(new Distillation(Reduction.SUM, 0), Tensor.zeros(ROWS), p, ALL),
        1e-15);
  }

  @Test
  void rows_without_a_target_and_what_is_masked_are_not_read() {
    Tensor p = Tensor.of(ROWS, 0.5, 0.5, 0, 0, 0, 0);
    Tensor keep = Tensor.of(ROWS, 1, 1, 0, 0, 0, 0);
    Tensor z = Tensor.of(ROWS, 7, 7, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    assertEquals(0, loss(Distillation.BY_ROWS, z, p, keep), 1e-15);
    assertArrayEquals(new double[6], gradient(Distillation.BY_ROWS, z, p, keep), 1e-15);
  }

  @Test
  void a_share_of_everything_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> new Distillation(Reduction.SUM, 1));
  }

  private static double loss(Distillation how, Tensor z, Tensor p, Tensor keep) {
    return how.kl(new Tape().leaf("z", z), p, keep).value().get(0);
  }

  private static double[] gradient(Distillation how, Tensor z, Tensor p, Tensor keep) {
    Tape tape = new Tape();
    Var leaf = tape.leaf("z", z);
    Var loss = how.kl(leaf, p, keep);
    Var one = tape.leaf("one", Tensor.scalar(1));
    return Gradient.of(List.of(loss), List.of(one), List.of(leaf)).getFirst().value().toDoubles();
  }
}
