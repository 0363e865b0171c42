package dev.assay.layout;

import dev.assay.tensor.Shape;

/**
 * A tensor of whole numbers as it came from a file.
 *
 * @param name its name in the file
 * @param shape its extents
 * @param values its elements, row-major
 */
record IntTensor(String name, Shape shape, int[] values) {
  int rank() {
    return shape.rank();
  }

  int extent(int axis) {
    return shape.extent(axis);
  }

  int get(int position) {
    return values[position];
  }

  /** The product of all extents but the last {@code own}. */
  int leading(int own) {
    int product = 1;
    for (int axis = 0; axis < rank() - own; axis++) {
      product *= extent(axis);
    }
    return product;
  }

  /** Batch entries, if there is an axis for them before the heads and the last {@code own}. */
  int batch(int own) {
    return rank() - own >= 2 ? extent(rank() - own - 2) : 1;
  }

  /** Heads, if there is an axis for them before the last {@code own}. */
  int heads(int own) {
    return rank() - own >= 1 ? extent(rank() - own - 1) : 1;
  }
}
