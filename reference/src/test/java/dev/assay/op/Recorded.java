package dev.assay.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** A tape with a short way to write leaves, values and gradients down. */
final class Recorded {
  final Tape tape = new Tape();

  Var matrix(int rows, int columns, double... values) {
    return tape.leaf("x", Tensor.of(Shape.of(rows, columns), values));
  }

  Var vector(double... values) {
    return tape.leaf("x", Tensor.of(Shape.of(values.length), values));
  }

  /** The gradient of {@code <dy, y>} with respect to x. */
  Var gradient(Var y, Var x, double... dy) {
    Var cotangent = tape.leaf("dy", Tensor.of(y.shape(), dy));
    return Gradient.of(List.of(y), List.of(cotangent), List.of(x)).getFirst();
  }

  static Tensor keep(int rows, int columns, double... values) {
    return Tensor.of(Shape.of(rows, columns), values);
  }

  /** Equal to the last bit; 0 and -0 differ only in sign and count as equal. */
  static void assertValues(Var y, double... expected) {
    assertArrayEquals(plain(expected), plain(y.value().toDoubles()));
  }

  /** Within four units in the last place of numbers near one: a handful of roundings. */
  static void assertNear(Var y, double... expected) {
    assertArrayEquals(expected, y.value().toDoubles(), 0x1p-50);
  }

  private static double[] plain(double[] values) {
    double[] plain = values.clone();
    for (int p = 0; p < plain.length; p++) {
      plain[p] += 0.0;
    }
    return plain;
  }
}
