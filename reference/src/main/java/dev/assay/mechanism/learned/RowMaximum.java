package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/** The largest kept element of each row; the choice is frozen when it is recorded. */
final class RowMaximum {
  private RowMaximum() {}

  /**
   * Along the last axis, which stays with extent 1; the gradient goes to the first of equals. A row
   * that keeps nothing gives 0.
   *
   * @param x numbers that are 0 outside keep
   */
  static Var of(Var x, Tensor keep) {
    int width = x.shape().extent(-1);
    Shape rows = x.shape().with(-1, 1);
    int[] winners = new int[rows.size()];
    double[] some = new double[rows.size()];
    for (int row = 0; row < winners.length; row++) {
      winners[row] = row * width;
      for (int p = row * width; p < (row + 1) * width; p++) {
        boolean first = some[row] == 0;
        if (keep.get(p) != 0 && (first || x.value().get(p) > x.value().get(winners[row]))) {
          winners[row] = p;
          some[row] = 1;
        }
      }
    }
    Var flat = Ops.reshape(x, Shape.of(x.shape().size()));
    Var found = Ops.reshape(Ops.gather(flat, 0, winners), rows);
    return Ops.select(found, Tensor.adopt(rows, some));
  }
}
