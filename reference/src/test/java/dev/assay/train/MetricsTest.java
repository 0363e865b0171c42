package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.op.Gradient;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Tape tape = new Tape();

  @Test
  void cross_entropy_of_equal_logits_is_the_logarithm_of_their_number() {
    Var logits = tape.leaf("x", Tensor.zeros(Shape.of(2, 4)));
    assertEquals(
        StrictMath.log(4), Loss.crossEntropy(logits, new int[] {1, 3}).value().get(0), 1e-15);
  }

  @Test
  void the_gradient_of_cross_entropy_is_softmax_less_the_target() {
    Var logits = tape.leaf("x", Tensor.of(Shape.of(2, 2), 0, 0, 5, 7));
    Var loss = Loss.crossEntropy(logits, new int[] {0, Loss.IGNORED});
    Var one = tape.leaf("one", Tensor.scalar(1));
    Var gradient = Gradient.of(List.of(loss), List.of(one), List.of(logits)).getFirst();
    assertArrayEquals(new double[] {-0.5, 0.5, 0, 0}, gradient.value().toDoubles(), 1e-15);
  }

  @Test
  void a_batch_in_which_nothing_counts_is_refused() {
    Var logits = tape.leaf("x", Tensor.zeros(Shape.of(1, 2)));
    assertThrows(
        IllegalArgumentException.class, () -> Loss.crossEntropy(logits, new int[] {Loss.IGNORED}));
  }

  @Test
  void errors_are_means_over_all_numbers() {
    Tensor x = Tensor.of(Shape.of(2), 1, -3);
    Tensor y = Tensor.of(Shape.of(2), 2, 1);
    assertEquals(2.5, Metrics.absoluteError(x, y));
    assertEquals(8.5, Metrics.squaredError(x, y));
    assertEquals(2.5, Loss.absoluteError(tape.leaf("x", x), y).value().get(0));
    assertEquals(8.5, Loss.squaredError(tape.leaf("x", x), y).value().get(0));
  }

  @Test
  void f1_is_that_of_the_named_class() {
    int[] said = {1, 1, 0, 1};
    int[] truth = {1, 0, 1, 1};
    assertEquals(4.0 / 6, Metrics.f1(said, truth, 1), 1e-15);
    assertEquals(0, Metrics.f1(said, truth, 0));
    assertEquals(2.0 / 9, Metrics.macroF1(said, truth, 3), 1e-15);
    assertEquals(0.5, Metrics.accuracy(said, truth));
    assertEquals(0.25, Metrics.accuracyError(0.5, 4));
  }

  @Test
  void perplexity_divides_by_words_whatever_the_tokens() {
    assertEquals(4, Metrics.perplexity(3 * StrictMath.log(4), 3), 1e-12);
    assertEquals(2, Metrics.bitsPerByte(20 * StrictMath.log(2), 10), 1e-12);
  }

  @Test
  void the_first_of_equals_is_the_largest() {
    assertArrayEquals(
        new int[] {1, 0}, Metrics.largest(Tensor.of(Shape.of(2, 3), 0, 2, 2, 1, 1, 0)));
  }
}
