package dev.assay.mechanism;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.mechanism.Distillation.Reduction;
import dev.assay.op.Gradient;
import dev.assay.op.Ops;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DistillationTest {
  private static final Shape SHAPE = Shape.of(1, 2, 4, 5);

  private static Tensor draw(int stream, Shape shape) {
    Philox generator = new Philox(17, stream, 1);
    return Tensor.generate(shape, p -> Distribution.BELL.value(generator, p, -16));
  }

  /** A staircase: row 3 of the second head has nothing. */
  private static Tensor admissible() {
    return Tensor.generate(
        SHAPE,
        p -> {
          int[] x = SHAPE.index(p);
          return x[3] <= x[2] + 1 && !(x[1] == 1 && x[2] == 3) ? 1 : 0;
        });
  }

  private static Tensor within(Tensor chosen) {
    return Tensor.generate(SHAPE, e -> admissible().get(e) * chosen.get(e));
  }

  private static Tensor probabilities(int stream) {
    Tensor z = draw(stream, SHAPE);
    return Ops.maskedSoftmax(new Tape().leaf("z", z), admissible()).value();
  }

  private static Tensor gradient(Function<Var, Var> loss, Tensor z) {
    Tape tape = new Tape();
    Var leaf = tape.leaf("z", z);
    Var value = loss.apply(leaf);
    Var one = tape.leaf("one", Tensor.full(value.shape(), 1));
    return Gradient.of(List.of(value), List.of(one), List.of(leaf)).getFirst().value();
  }

  private static double value(Function<Var, Var> loss, Tensor z) {
    return loss.apply(new Tape().leaf("z", z)).value().get(0);
  }

  private static void assertSlopes(Function<Var, Var> loss, Tensor z) {
    Tensor found = gradient(loss, z);
    double h = 1e-6;
    for (int p = 0; p < z.size(); p++) {
      int at = p;
      Tensor up = Tensor.generate(z.shape(), e -> z.get(e) + (e == at ? h : 0));
      Tensor down = Tensor.generate(z.shape(), e -> z.get(e) - (e == at ? h : 0));
      assertEquals((value(loss, up) - value(loss, down)) / (2 * h), found.get(p), 1e-8);
    }
  }

  @ParameterizedTest
  @EnumSource(Reduction.class)
  void its_gradients_are_the_slopes(Reduction reduction) {
    Distillation loss = new Distillation(reduction, 0.25);
    Tensor p = probabilities(1);
    Tensor chosen = Tensor.generate(SHAPE, e -> p.get(e) > 0.25 ? 1 : 0);
    Tensor z = draw(2, SHAPE);
    assertSlopes(x -> loss.kl(x, p, admissible()), z);
    assertSlopes(x -> loss.squares(x, p, admissible()), z);
    assertSlopes(x -> loss.entropyOfChoice(x, chosen, admissible()), z);
    assertSlopes(x -> loss.ranking(x, chosen, admissible(), 0.5), z);
    assertSlopes(x -> loss.kl(x, Teacher.restricted(p, chosen, 0), within(chosen)), z);
  }

  @Test
  void a_student_that_is_its_teacher_loses_and_learns_nothing() {
    Tensor p = probabilities(3);
    Tensor z = Tensor.generate(SHAPE, e -> p.get(e) > 0 ? StrictMath.log(p.get(e)) + 2 : 7);
    Distillation loss = new Distillation(Reduction.SUM, 0);
    assertEquals(0, value(x -> loss.kl(x, p, admissible()), z), 1e-14);
    assertEquals(0, value(x -> loss.squares(x, p, admissible()), z), 1e-14);
    for (double slope : gradient(x -> loss.kl(x, p, admissible()), z).toDoubles()) {
      assertEquals(0, slope, 1e-15);
    }
  }

  @Test
  void the_gradient_of_the_divergence_is_the_difference_of_probabilities() {
    Tensor p = probabilities(4);
    Tensor z = draw(5, SHAPE);
    Tensor q = Ops.maskedSoftmax(new Tape().leaf("z", z), admissible()).value();
    Distillation sum = new Distillation(Reduction.SUM, 0);
    Tensor found = gradient(x -> sum.kl(x, p, admissible()), z);
    for (int e = 0; e < z.size(); e++) {
      assertEquals(q.get(e) - p.get(e), found.get(e), 1e-15);
    }
  }

  @Test
  void reductions_divide_by_what_they_say_and_empty_rows_do_not_count() {
    Tensor p = probabilities(6);
    Tensor z = draw(7, SHAPE);
    double sum = value(x -> new Distillation(Reduction.SUM, 0).kl(x, p, admissible()), z);
    double rows = value(x -> new Distillation(Reduction.ROW_MEAN, 0).kl(x, p, admissible()), z);
    double all = value(x -> new Distillation(Reduction.ELEMENT_MEAN, 0).kl(x, p, admissible()), z);
    assertEquals(sum / 7, rows, 1e-14);
    assertEquals(sum / 35, all, 1e-14);
    double code = value(x -> new Distillation(Reduction.ALL_ELEMENTS, 0).kl(x, p, admissible()), z);
    assertEquals(sum / 40, code, 1e-14);
  }

  @Test
  void skipped_rows_and_masked_logits_are_never_read() {
    Tensor p = probabilities(8);
    Distillation loss = new Distillation(Reduction.ROW_MEAN, 0.5);
    Tensor z = draw(9, SHAPE);
    Tensor poisoned =
        Tensor.generate(
            SHAPE, e -> SHAPE.index(e)[2] < 2 || admissible().get(e) == 0 ? Double.NaN : z.get(e));
    assertEquals(
        value(x -> loss.kl(x, p, admissible()), z),
        value(x -> loss.kl(x, p, admissible()), poisoned));
    Tensor slopes = gradient(x -> loss.kl(x, p, admissible()), poisoned);
    assertEquals(0, slopes.at(0, 0, 0, 0));
    assertEquals(0, slopes.at(0, 1, 3, 0));
  }

  @Test
  void a_restricted_divergence_does_not_promote_what_was_not_chosen() {
    Tensor p = probabilities(10);
    Tensor chosen = Tensor.generate(SHAPE, e -> e % 2);
    Distillation loss = new Distillation(Reduction.SUM, 0);
    Tensor target = Teacher.restricted(p, chosen, 0);
    Tensor slopes = gradient(x -> loss.kl(x, target, within(chosen)), draw(11, SHAPE));
    for (int e = 0; e < slopes.size(); e += 2) {
      assertEquals(0, slopes.get(e));
    }
  }

  @Test
  void a_teacher_pools_first_and_normalises_last() {
    Tensor a =
        Tensor.of(Shape.of(1, 2, 2, 4), .5, .2, .2, .1, .1, .1, .1, .7, .4, .3, .2, .1, 0, 0, 1, 0);
    Tensor blocks = Teacher.blocks(2).of(a, Teacher.GUARD);
    assertEquals(Shape.of(1, 2, 1, 2), blocks.shape());
    assertEquals(.5 / 1.2, blocks.get(0), 1e-8);
    assertEquals(.7 / 1.2, blocks.get(1), 1e-8);
    Tensor decoding = Teacher.decoding(2, 2).of(a, Teacher.GUARD);
    assertEquals(Shape.of(1, 1, 2, 2), decoding.shape());
    assertEquals(.5 / .7, decoding.get(0), 1e-8);
    assertEquals(.1 / 1.1, decoding.get(2), 1e-8);
    Tensor tokens = Teacher.tokens(2).of(a, Teacher.GUARD);
    assertEquals(.9 / 2, tokens.get(0), 1e-8);
    Tensor mass = Teacher.mass(2).of(a, Teacher.GUARD);
    assertEquals((.7 + .2) / 2, mass.get(0), 1e-8);
  }

  @Test
  void what_cannot_be_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> new Distillation(Reduction.SUM, 1));
    Distillation loss = new Distillation(Reduction.SUM, 0);
    Tensor small = Tensor.zeros(Shape.of(2, 2));
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> value(x -> loss.kl(x, small, admissible()), small));
    assertTrue(refusal.toString().contains("must agree"), refusal.toString());
  }
}
