package dev.assay.tensor;

import dev.assay.check.Require;
import java.util.Arrays;

/**
 * The extents of a tensor, outermost axis first. A shape without axes is a scalar; an extent of 0
 * is an empty tensor.
 */
public final class Shape {
  private final int[] extents;
  private final int size;

  private Shape(int[] extents) {
    this.extents = extents;
    this.size = product(extents);
  }

  /**
   * A shape of the given extents.
   *
   * @throws IllegalArgumentException if an extent is negative or the product exceeds 2^31 - 1
   */
  public static Shape of(int... extents) {
    return new Shape(extents.clone());
  }

  private static int product(int[] extents) {
    long size = 1;
    boolean empty = false;
    for (int extent : extents) {
      Require.argument(
          extent >= 0,
          "shape %s has a negative extent: extents are at least 0",
          Arrays.toString(extents));
      empty |= extent == 0;
      size = empty ? 0 : size * extent;
      Require.argument(
          size <= Integer.MAX_VALUE,
          "shape %s has more than 2^31 - 1 elements: split the tensor",
          Arrays.toString(extents));
    }
    return (int) size;
  }

  /** Number of axes. */
  public int rank() {
    return extents.length;
  }

  /** Number of elements: the product of the extents, 1 for a scalar. */
  public int size() {
    return size;
  }

  /** Extent of an axis; negative axes count from the end, so -1 is the innermost. */
  public int extent(int axis) {
    return extents[normalise(axis)];
  }

  /** The axis as a number from 0 to rank - 1; negative axes count from the end. */
  public int normalise(int axis) {
    int normal = axis < 0 ? axis + extents.length : axis;
    Require.argument(
        normal >= 0 && normal < extents.length, "axis %d does not exist in shape %s", axis, this);
    return normal;
  }

  /** A copy of the extents. */
  public int[] toArray() {
    return extents.clone();
  }

  /** Row-major strides in elements: the innermost is 1. */
  public int[] strides() {
    int[] strides = new int[extents.length];
    int stride = 1;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(extents[axis], 1);
    }
    return strides;
  }

  /** Row-major position of an element. */
  public int offset(int... index) {
    Require.argument(
        index.length == extents.length,
        "index %s does not fit shape %s",
        Arrays.toString(index),
        this);
    int offset = 0;
    for (int axis = 0; axis < extents.length; axis++) {
      Require.argument(
          index[axis] >= 0 && index[axis] < extents[axis],
          "index %s lies outside shape %s",
          Arrays.toString(index),
          this);
      offset = offset * extents[axis] + index[axis];
    }
    return offset;
  }

  /** The coordinates of the element at a row-major position: the inverse of {@link #offset}. */
  public int[] index(int offset) {
    Require.index(offset, size, "offset");
    int[] index = new int[extents.length];
    int rest = offset;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      index[axis] = rest % extents[axis];
      rest /= extents[axis];
    }
    return index;
  }

  /** This shape with one axis of another extent. */
  public Shape with(int axis, int extent) {
    int[] changed = extents.clone();
    changed[normalise(axis)] = extent;
    return new Shape(changed);
  }

  /** Whether each of the first extents is 1 or the one given, so that it can stand for it. */
  public boolean broadcastsOver(int... leading) {
    for (int axis = 0; axis < leading.length; axis++) {
      if (axis >= extents.length || (extents[axis] != 1 && extents[axis] != leading[axis])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that && Arrays.equals(extents, that.extents);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(extents);
  }

  @Override
  public String toString() {
    return Arrays.toString(extents);
  }
}
