package dev.assay.mechanism.lowrank;

import dev.assay.autograd.Var;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * The pseudo-inverse of matrices of softmax weights by an iteration of third order, with gradients
 * through every step: {@code Z = Z (13 I - A Z (15 I - A Z (7 I - A Z))) / 4}. Source: Razavi et
 * al., "A new iterative method for finding approximate inverses of complex matrices" (2014), as
 * Xiong et al. (2021) use it.
 *
 * @param start where it begins
 * @param steps how many steps
 */
record PseudoInverse(Start start, int steps) {
  /** The first Z: A^T over a number that bounds it. */
  enum Start {
    /**
     * Over the largest sum of a column of this matrix. The largest sum of a row, by which it should
     * be divided too, is 1.
     */
    PER_MATRIX,
    /**
     * Over the largest sum of a column of all matrices of all heads and batch entries, so that
     * their results depend on each other.
     */
    ORIGINAL
  }

  /** Z [B, H, m, m] of A [B, H, m, m]; rows and columns of 0 stay so. */
  Var of(Var a) {
    Var z = first(a);
    Tensor unit = identity(a.shape());
    for (int step = 0; step < steps; step++) {
      Var az = Ops.matMul(a, z);
      Var inner = Ops.sub(times(unit, 7, a), az);
      Var middle = Ops.sub(times(unit, 15, a), Ops.matMul(az, inner));
      Var outer = Ops.sub(times(unit, 13, a), Ops.matMul(az, middle));
      z = Ops.scale(Ops.matMul(z, outer), 0.25);
    }
    return z;
  }

  private Var first(Var a) {
    Var columns = Ops.sum(a, -2);
    Var largest = Composed.max(columns);
    if (start == Start.ORIGINAL) {
      Var all = Ops.reshape(columns, Shape.of(1, 1, 1, columns.shape().size()));
      largest = Composed.max(all);
    }
    // A matrix of a batch entry without landmarks is 0, and so shall its Z be.
    Tensor sums = largest.value();
    Tensor standIn = Tensor.generate(sums.shape(), p -> sums.get(p) == 0 ? 1 : 0);
    return Ops.div(Ops.transpose(a), Ops.add(largest, Ops.constant(a.tape(), standIn)));
  }

  private static Var times(Tensor unit, double factor, Var like) {
    return Ops.constant(like.tape(), Tensor.generate(unit.shape(), p -> factor * unit.get(p)));
  }

  static Tensor identity(Shape shape) {
    return Tensor.generate(
        shape,
        p -> {
          int[] x = shape.index(p);
          return x[x.length - 1] == x[x.length - 2] ? 1 : 0;
        });
  }
}
