package dev.assay.layout;

import dev.assay.tensor.Shape;
import java.io.IOException;

/**
 * FlashInfer's packed mask: for each row of blocks the pairs of a query with the keys of all listed
 * blocks, query by query, as bits with the least first; every row of blocks begins with a byte.
 */
final class PackedMask {
  private PackedMask() {}

  /** The bits as [z, R, C]. */
  static IntTensor read(LayoutInput in, Compressed lists, int[] qBounds, int[] kBounds)
      throws IOException {
    IntTensor packed = in.integers("packed_mask", 1, 1);
    int r = qBounds.length > 1 ? qBounds[1] : 1;
    int c = kBounds.length > 1 ? kBounds[1] : 1;
    // Before memory is taken, the pointers must be sound and the bytes must be there.
    lists.walk(in, 0, (_, _, _) -> {});
    double pairs = (double) lists.room() * r * c;
    if (pairs > Math.min(8.0 * packed.values().length, Integer.MAX_VALUE)) {
      throw in.fault(
          "packed_mask",
          "has %d bytes, which do not suffice for %.0f pairs"
              .formatted(packed.values().length, pairs));
    }
    int[] bits = new int[(int) pairs];
    int[] starts = lists.pointers().values();
    long at = 0;
    for (int row = 0; row < lists.rows(); row++) {
      int width = (starts[row + 1] - starts[row]) * c;
      if (at + (long) width * r > 8L * packed.values().length) {
        throw in.fault(
            "packed_mask",
            "has %d bytes, which do not suffice for row %d of blocks"
                .formatted(packed.values().length, row));
      }
      for (int i = 0; i < r; i++) {
        for (int j = 0; j < width; j++) {
          int bit = packed.get((int) (at >> 3)) >> (at & 7) & 1;
          bits[((starts[row] + j / c) * r + i) * c + j % c] = bit;
          at++;
        }
      }
      at = (at + 7) >> 3 << 3;
    }
    if (at != 8L * packed.values().length) {
      throw in.fault(
          "packed_mask",
          "has %d bytes: %d are needed, each row of blocks packed for itself"
              .formatted(packed.values().length, at >> 3));
    }
    return new IntTensor("packed_mask", Shape.of(lists.room(), r, c), bits);
  }
}
