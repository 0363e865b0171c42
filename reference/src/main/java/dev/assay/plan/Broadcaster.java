package dev.assay.plan;

import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Reads a tensor of shape [B or 1, H or 1, n_q or 1, n_k or 1] as if it were [B, H, n_q, n_k]. */
final class Broadcaster {
  private final Tensor tensor;
  private final int[] stride = new int[4];

  private Broadcaster(Tensor tensor) {
    this.tensor = tensor;
    int[] strides = tensor.shape().strides();
    for (int axis = 0; axis < 4; axis++) {
      stride[axis] = tensor.shape().extent(axis) == 1 ? 0 : strides[axis];
    }
  }

  static @Nullable Broadcaster orNull(@Nullable Tensor tensor) {
    return tensor == null ? null : new Broadcaster(tensor);
  }

  int position(int b, int h, int i, int j) {
    return b * stride[0] + h * stride[1] + i * stride[2] + j * stride[3];
  }

  double at(int b, int h, int i, int j) {
    return tensor.get(position(b, h, i, j));
  }
}
