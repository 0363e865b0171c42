package dev.assay.accelerated.simd;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A number for each pair, from a tensor whose extents of 1 stand for the whole of [B, H, n_q, n_k].
 *
 * @param tensor bias, boolean mask or dropout mask
 * @param batchStride floats from a batch entry to the next, 0 if broadcast
 * @param headStride the same for heads
 * @param queryStride the same for queries
 * @param keyStride the same for keys
 */
record PairTensor(Tensor tensor, int batchStride, int headStride, int queryStride, int keyStride) {
  static PairTensor of(Tensor tensor) {
    Shape shape = tensor.shape();
    int[] strides = shape.strides();
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = shape.extent(axis) == 1 ? 0 : strides[axis];
    }
    return new PairTensor(tensor, strides[0], strides[1], strides[2], strides[3]);
  }

  static @Nullable PairTensor orNull(@Nullable Tensor tensor) {
    return tensor == null ? null : of(tensor);
  }

  /** Position of the number that belongs to query i and key j of a tile. */
  int position(Place place, int i, int j) {
    return place.batch() * batchStride
        + place.head() * headStride
        + (place.firstQuery() + i) * queryStride
        + (place.firstKey() + j) * keyStride;
  }
}
