package dev.assay.op;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * A tensor seen along one axis: {@code outer} groups of {@code extent} slabs of {@code inner}
 * elements, one behind the other in memory.
 */
record Lanes(int outer, int extent, int inner) {
  static Lanes of(Shape shape, int axis) {
    int outer = 1;
    int inner = 1;
    for (int other = 0; other < shape.rank(); other++) {
      if (other < axis) {
        outer *= shape.extent(other);
      } else if (other > axis) {
        inner *= shape.extent(other);
      }
    }
    return new Lanes(outer, shape.extent(axis), inner);
  }

  /** Copies a slab of one tensor to a slab of another. */
  void copy(int o, Tensor from, int fromSlab, Lanes to, double[] target, int toSlab) {
    int source = (o * extent + fromSlab) * inner;
    int sink = (o * to.extent + toSlab) * inner;
    for (int c = 0; c < inner; c++) {
      target[sink + c] = from.get(source + c);
    }
  }

  /** Adds a slab of one tensor to a slab of another, element by element. */
  void add(int o, Tensor from, int fromSlab, Lanes to, double[] target, int toSlab) {
    int source = (o * extent + fromSlab) * inner;
    int sink = (o * to.extent + toSlab) * inner;
    for (int c = 0; c < inner; c++) {
      target[sink + c] += from.get(source + c);
    }
  }
}
