package dev.assay.gradcheck.mutant;

import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A bias or mask [B or 1, H or 1, n_q or 1, n_k or 1] as a plain array.
 *
 * @param values row-major
 * @param extents four
 */
record Table(float[] values, int[] extents) {
  static @Nullable Table orNull(@Nullable Tensor tensor) {
    if (tensor == null) {
      return null;
    }
    float[] values = new float[tensor.size()];
    for (int p = 0; p < values.length; p++) {
      values[p] = (float) tensor.get(p);
    }
    return new Table(values, tensor.shape().toArray());
  }

  /** Where the entry of a pair lies. */
  int position(IndexLines index, int b, int h, int i, int j) {
    int row = index.broadcastBatch(b, extents[0]) * extents[1] + index.broadcastHead(h, extents[1]);
    row = row * extents[2] + index.broadcastQuery(i, extents[2]);
    return row * extents[3] + index.broadcastKey(j, extents[3]);
  }

  float at(IndexLines index, int b, int h, int i, int j) {
    return values[position(index, b, h, i, j)];
  }
}
