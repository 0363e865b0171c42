package dev.assay.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.op.Gradient;
import dev.assay.op.Ops;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigmaReparamTest {
  private static Tensor draw(int stream, int... extents) {
    Philox generator = new Philox(16, stream, 1);
    return Tensor.generate(Shape.of(extents), p -> Distribution.BELL.value(generator, p, -16));
  }

  private static SigmaReparam layer(Tape tape, Tensor weight, double gamma, Tensor u) {
    Var scalar = tape.leaf("gamma", Tensor.of(Shape.of(1), gamma));
    return new SigmaReparam(tape.leaf("weight", weight), scalar, null, u);
  }

  private static SigmaReparam first(Tape tape, Tensor weight, double gamma) {
    return layer(tape, weight, gamma, SigmaReparam.firstVector(weight));
  }

  @Test
  void the_first_vector_gives_the_spectral_norm_and_the_layer_starts_as_an_ordinary_one() {
    Tensor weight = draw(1, 5, 8);
    double norm = SigmaReparam.gamma(weight, SigmaReparam.Start.SIGMA);
    SigmaReparam layer = first(new Tape(), weight, norm);
    var estimate = layer.estimate();
    assertEquals(norm, estimate.sigma().value().get(0), 1e-14);
    Tensor scaled = layer.scaled(estimate).value();
    for (int p = 0; p < weight.size(); p++) {
      assertEquals(weight.get(p), scaled.get(p), 1e-14);
    }
    assertEquals(1, SigmaReparam.gamma(weight, SigmaReparam.Start.ONE));
  }

  @Test
  void power_iteration_from_anywhere_finds_the_spectral_norm() {
    Tensor weight = draw(2, 6, 4);
    SigmaReparam layer = layer(new Tape(), weight, 1, Tensor.full(Shape.of(4), 0.5));
    for (int step = 0; step < 50; step++) {
      layer = layer.after(layer.estimate());
    }
    double norm = SigmaReparam.gamma(weight, SigmaReparam.Start.SIGMA);
    assertEquals(norm, layer.estimate().sigma().value().get(0), 1e-6);
  }

  @Test
  void an_estimate_leaves_the_stored_vector_and_training_moves_it() {
    Tensor start = Tensor.of(Shape.of(3), 1, 0, 0);
    SigmaReparam layer = layer(new Tape(), draw(3, 3, 3), 1, start);
    double once = layer.estimate().sigma().value().get(0);
    assertEquals(once, layer.estimate().sigma().value().get(0));
    assertTrue(layer.after(layer.estimate()).estimate().sigma().value().get(0) != once);
  }

  @Test
  void the_scaled_weight_has_norm_gamma_whatever_the_size_of_the_weight() {
    Tensor weight = draw(4, 4, 5);
    Tensor large = Tensor.generate(weight.shape(), p -> 37 * weight.get(p));
    for (Tensor w : List.of(weight, large)) {
      SigmaReparam layer = first(new Tape(), w, 2.5);
      Tensor scaled = layer.scaled(layer.estimate()).value();
      assertEquals(2.5, SigmaReparam.gamma(scaled, SigmaReparam.Start.SIGMA), 1e-13);
    }
  }

  @Test
  void a_weight_of_zeros_stays_one() {
    SigmaReparam layer = first(new Tape(), Tensor.zeros(Shape.of(2, 3)), 1);
    for (double element : layer.scaled(layer.estimate()).value().toDoubles()) {
      assertEquals(0, element);
    }
  }

  @Test
  void a_convolution_is_read_as_a_matrix() {
    Tensor weight = draw(5, 3, 2, 2, 2);
    Tensor matrix = weight.reshape(3, 8);
    SigmaReparam.Estimate estimate = first(new Tape(), weight, 1).estimate();
    assertEquals(
        SigmaReparam.gamma(matrix, SigmaReparam.Start.SIGMA),
        estimate.sigma().value().get(0),
        1e-14);
  }

  @Test
  void its_gradient_is_that_of_the_exact_norm_once_the_vectors_have_converged() {
    Tensor weight = draw(6, 3, 4);
    Tensor x = draw(7, 2, 4);
    Tensor cotangent = draw(8, 2, 3);
    Tape tape = new Tape();
    SigmaReparam layer = first(tape, weight, 1.5);
    Var out = layer.of(tape.leaf("x", x), layer.estimate());
    Var dOut = tape.leaf("d", cotangent);
    Tensor found =
        Gradient.of(List.of(out), List.of(dOut), List.of(layer.weight())).getFirst().value();
    double h = 1e-6;
    for (int p = 0; p < weight.size(); p++) {
      int at = p;
      double slope =
          (loss(moved(weight, at, h), x, cotangent) - loss(moved(weight, at, -h), x, cotangent))
              / (2 * h);
      assertEquals(slope, found.get(p), 1e-8);
    }
  }

  private static Tensor moved(Tensor w, int at, double by) {
    return Tensor.generate(w.shape(), p -> w.get(p) + (p == at ? by : 0));
  }

  private static double loss(Tensor weight, Tensor x, Tensor cotangent) {
    Tape tape = new Tape();
    double norm = SigmaReparam.gamma(weight, SigmaReparam.Start.SIGMA);
    Var scaled = Ops.scale(tape.leaf("w", weight), 1.5 / norm);
    Tensor y = new Linear(scaled, null).of(tape.leaf("x", x)).value();
    double sum = 0;
    for (int p = 0; p < y.size(); p++) {
      sum += y.get(p) * cotangent.get(p);
    }
    return sum;
  }

  /**
   * Ent >= log(1 + (T - 1) b) + s sqrt(T (T - 1)) b / (1 + (T - 1) b), b = e^(-s sqrt(T / (T -
   * 1))).
   */
  @Test
  void the_entropy_of_a_row_of_logits_is_bounded_by_their_norm() {
    int t = 8;
    for (int row = 0; row < 200; row++) {
      Tensor drawn = draw(100 + row, t);
      double size = (row % 20 + 1) / 4.0;
      double square = 0;
      double sum = 0;
      for (int j = 0; j < t; j++) {
        square += size * size * drawn.get(j) * drawn.get(j);
        sum += StrictMath.exp(size * drawn.get(j));
      }
      double entropy = 0;
      for (int j = 0; j < t; j++) {
        double p = StrictMath.exp(size * drawn.get(j)) / sum;
        entropy -= p * StrictMath.log(p);
      }
      double s = Math.sqrt(square);
      double b = StrictMath.exp(-s * Math.sqrt(t / (t - 1.0)));
      double bound =
          StrictMath.log(1 + (t - 1) * b) + s * Math.sqrt(t * (t - 1.0)) * b / (1 + (t - 1) * b);
      assertTrue(entropy >= bound - 1e-12, "row " + row);
    }
  }
}
