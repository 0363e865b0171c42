package dev.assay.gradcheck.precision;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.function.IntPredicate;

/** Sums, and sums of products, with every rounding of a machine. */
final class NarrowProducts {
  private final Machine machine;
  private final Rounder stored;
  private final Rounder on;

  NarrowProducts(Machine machine, Rounder stored, Rounder on) {
    this.machine = machine;
    this.stored = stored;
    this.on = on;
  }

  /**
   * {@code y_ij = sum_c a_ic b_cj} over the last two axes, operands as they are stored.
   *
   * @param wanted which (i, j) are computed; the others are 0
   * @param read which (i, c) take part in the sums
   */
  Tensor product(Tensor a, Tensor b, IntPredicate wanted, IntPredicate read) {
    int rows = a.shape().extent(-2);
    int inner = a.shape().extent(-1);
    int columns = b.shape().extent(-1);
    double[] left = stored.of(a).doubles();
    double[] right = stored.of(b).doubles();
    double[] terms = new double[inner];
    return Tensor.generate(
        a.shape().with(-1, columns),
        p -> {
          if (!wanted.test(p)) {
            return 0;
          }
          int row = p / columns;
          int start = row / rows * inner * columns + p % columns;
          int count = 0;
          for (int c = 0; c < inner; c++) {
            if (read.test(row * inner + c)) {
              terms[count++] = on.of(left[row * inner + c] * right[start + c * columns]);
            }
          }
          return sum(terms, count);
        });
  }

  /** The sum of the first terms, in the machine's order. */
  double sum(double[] terms, int count) {
    return machine.summation().sum(terms, count, machine.block(), on);
  }

  /**
   * Adds up what meets in one place, in row-major order.
   *
   * @param places position in the result of each element of x
   */
  Tensor addUp(Tensor x, Tensor places, Shape shape) {
    int[] start = new int[shape.size() + 1];
    for (int p = 0; p < x.size(); p++) {
      start[(int) places.get(p) + 1]++;
    }
    for (int t = 0; t < shape.size(); t++) {
      start[t + 1] += start[t];
    }
    int[] next = start.clone();
    double[] sorted = new double[x.size()];
    for (int p = 0; p < x.size(); p++) {
      sorted[next[(int) places.get(p)]++] = x.get(p);
    }
    double[] terms = new double[x.size()];
    return Tensor.generate(
        shape,
        t -> {
          int count = start[t + 1] - start[t];
          System.arraycopy(sorted, start[t], terms, 0, count);
          return sum(terms, count);
        });
  }
}
