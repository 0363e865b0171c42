package dev.assay.file;

import dev.assay.tensor.Shape;
import java.util.Arrays;

/** Shapes as files give them: numbers that may be anything. */
final class Extents {
  private Extents() {}

  /** The shape, if its extents and their product are within 2^31 - 1. */
  static Shape shape(long[] extents, Place place) throws FormatException {
    int[] small = new int[extents.length];
    for (int axis = 0; axis < small.length; axis++) {
      if (extents[axis] < 0 || extents[axis] > Integer.MAX_VALUE) {
        throw place.fault(
            "shape " + Arrays.toString(extents) + ": an extent must lie in 0..2^31 - 1");
      }
      small[axis] = (int) extents[axis];
    }
    try {
      return Shape.of(small);
    } catch (IllegalArgumentException tooLarge) {
      throw place.fault(String.valueOf(tooLarge.getMessage()));
    }
  }
}
