package dev.assay.accelerated.tornado;

import dev.assay.accelerated.device.Regions;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Fills all floats that come out with {@link Regions#POISON}, results and gaps, on the device: an
 * array that kernels only write is not copied there, so the host cannot.
 */
final class PoisonKernel {
  private PoisonKernel() {}

  /** Items: floats, rounded up. */
  static void run(KernelContext context, IntArray ints, FloatArray in, FloatArray out) {
    int at = context.globalIdx;
    if (at < out.getSize()) {
      out.set(at, Regions.POISON);
    }
  }
}
