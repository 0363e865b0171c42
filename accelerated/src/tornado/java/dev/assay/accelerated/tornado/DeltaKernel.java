package dev.assay.accelerated.tornado;

import dev.assay.accelerated.device.Header;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * {@code delta_i = dOut_i . out_i - dLse_i} for each query row: what the softmax takes off the
 * gradient of each of its logits. A work-item for each row.
 */
final class DeltaKernel {
  private DeltaKernel() {}

  /** Items: rows, rounded up. */
  static void run(KernelContext context, IntArray ints, FloatArray in, FloatArray out) {
    int row = context.globalIdx;
    if (row < ints.get(Header.QUERY_ROWS)) {
      int width = ints.get(Header.VALUE_DEPTH);
      int outAt = ints.get(Header.OUT_AT) + row * width;
      int dOutAt = ints.get(Header.D_OUT_AT) + row * width;
      float delta = 0;
      for (int c = 0; c < width; c++) {
        delta += in.get(dOutAt + c) * in.get(outAt + c);
      }
      if (ints.get(Header.D_LSE_AT) >= 0) {
        delta -= in.get(ints.get(Header.D_LSE_AT) + row);
      }
      out.set(ints.get(Header.DELTA_AT) + row, delta);
    }
  }
}
