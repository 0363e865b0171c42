package dev.assay.accelerated.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** A few operations on numbers that only arrive at run time, so that no compiler folds them. */
final class ProbeKernel {
  private ProbeKernel() {}

  /** Items: numbers. {@code powers = exp x}, {@code products = x y + z}. */
  static void run(
      KernelContext context,
      FloatArray x,
      FloatArray y,
      FloatArray z,
      FloatArray powers,
      FloatArray products) {
    int at = context.globalIdx;
    powers.set(at, TornadoMath.exp(x.get(at)));
    products.set(at, x.get(at) * y.get(at) + z.get(at));
  }
}
