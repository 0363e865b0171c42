package dev.assay.gradcheck.golden;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/** Tensors that the tables write down instead of drawing them. */
final class Literals {
  static final double INF = Double.POSITIVE_INFINITY;
  static final double NAN = Double.NaN;

  private Literals() {}

  /** A condition on the pair of query i and key j. */
  interface PairRule {
    boolean holds(int i, int j);
  }

  /** A list of whole numbers. */
  static Tensor list(int... numbers) {
    return Tensor.generate(Shape.of(numbers.length), p -> numbers[p]);
  }

  /** Numbers in row-major order. */
  static Tensor numbers(Shape shape, double[] numbers) {
    return Tensor.of(shape, numbers);
  }

  /** A mask [1, 1, n_q, n_k]. */
  static Tensor mask(int nq, int nk, PairRule allowed) {
    return Tensor.generate(Shape.of(1, 1, nq, nk), p -> allowed.holds(p / nk, p % nk) ? 1 : 0);
  }

  /** A bias [1, 1, n_q, n_k] of one value where the rule holds, 0 elsewhere. */
  static Tensor bias(int nq, int nk, double value, PairRule where) {
    return Tensor.generate(Shape.of(1, 1, nq, nk), p -> where.holds(p / nk, p % nk) ? value : 0);
  }

  /** A table of blocks, a string for each row of blocks: {@code x} where there is one. */
  static Tensor table(String... rows) {
    int columns = rows[0].length();
    return Tensor.generate(
        Shape.of(rows.length, columns), p -> rows[p / columns].charAt(p % columns) == 'x' ? 1 : 0);
  }

  /** A table of blocks for each head: heads behind one another, each as {@link #table}. */
  static Tensor tables(int heads, String... rows) {
    Tensor all = table(rows);
    return all.reshape(heads, rows.length / heads, rows[0].length());
  }

  /** The same value everywhere. */
  static Tensor all(double value, int... extents) {
    return Tensor.full(Shape.of(extents), value);
  }
}
