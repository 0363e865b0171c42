package dev.assay.op;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * A tensor seen as a batch of matrices over its last two axes.
 *
 * @param batch product of the leading extents
 * @param rows extent of the axis before the last
 * @param columns extent of the last axis
 */
record Matrices(int batch, int rows, int columns) {
  static Matrices of(Shape shape) {
    Require.argument(shape.rank() >= 2, "shape %s is no matrix: it needs two axes", shape);
    int rows = shape.extent(-2);
    int columns = shape.extent(-1);
    return new Matrices(leading(shape), rows, columns);
  }

  private static int leading(Shape shape) {
    int batch = 1;
    for (int axis = 0; axis < shape.rank() - 2; axis++) {
      batch *= shape.extent(axis);
    }
    return batch;
  }

  /** The shape of the product of two batches, after a check that they fit. */
  static Shape product(String op, Shape a, Shape b) {
    Require.argument(
        a.rank() >= 2
            && a.rank() == b.rank()
            && a.extent(-1) == b.extent(-2)
            && a.with(-1, 1).with(-2, 1).equals(b.with(-1, 1).with(-2, 1)),
        "%s got shapes %s and %s: it wants [.., n, d] and [.., d, m] with equal leading extents",
        op,
        a,
        b);
    return a.with(-1, b.extent(-1));
  }

  /** Checks that keep marks the entries of a matrix of the given shape. */
  static void fits(String op, Tensor keep, Shape shape) {
    Require.argument(
        keep.shape().equals(shape), "%s wants keep of shape %s, not %s", op, shape, keep.shape());
  }

  /** The last two axes exchanged. */
  static Tensor transpose(Tensor x) {
    Matrices m = of(x.shape());
    double[] y = new double[x.size()];
    for (int b = 0; b < m.batch; b++) {
      for (int r = 0; r < m.rows; r++) {
        for (int c = 0; c < m.columns; c++) {
          y[(b * m.columns + c) * m.rows + r] = x.get((b * m.rows + r) * m.columns + c);
        }
      }
    }
    return Tensor.adopt(x.shape().with(-2, m.columns).with(-1, m.rows), y);
  }
}
