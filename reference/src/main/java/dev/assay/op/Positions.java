package dev.assay.op;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;

/** Where the elements of a result come from, for the ops that only move elements. */
final class Positions {
  private Positions() {}

  /** The source position of every element of a result, given a source stride for every axis. */
  static int[] of(Shape result, int[] strides) {
    int[] positions = new int[result.size()];
    int[] index = new int[result.rank()];
    int[] extents = result.toArray();
    int position = 0;
    for (int p = 0; p < positions.length; p++) {
      positions[p] = position;
      for (int axis = index.length - 1; axis >= 0; axis--) {
        position += strides[axis];
        if (++index[axis] < extents[axis]) {
          break;
        }
        position -= index[axis] * strides[axis];
        index[axis] = 0;
      }
    }
    return positions;
  }

  /**
   * Source positions when {@code from} is repeated until it has shape {@code to}: axes align at the
   * end, extent 1 stretches, missing axes are added in front.
   */
  static int[] broadcast(Shape from, Shape to) {
    int missing = to.rank() - from.rank();
    Require.argument(missing >= 0, "shape %s cannot be broadcast to %s: too many axes", from, to);
    int[] own = from.strides();
    int[] strides = new int[to.rank()];
    for (int axis = 0; axis < own.length; axis++) {
      Require.argument(
          from.extent(axis) == to.extent(missing + axis) || from.extent(axis) == 1,
          "shape %s cannot be broadcast to %s: extents must agree or be 1",
          from,
          to);
      strides[missing + axis] = from.extent(axis) == 1 ? 0 : own[axis];
    }
    return of(to, strides);
  }

  /** The elements of x at the given positions. */
  static Tensor take(Tensor x, int[] positions, Shape shape) {
    double[] from = x.to(Storage.F64).doubles();
    double[] taken = new double[shape.size()];
    for (int p = 0; p < taken.length; p++) {
      taken[p] = from[positions[p]];
    }
    return Tensor.adopt(shape, taken);
  }
}
