package dev.assay.accelerated.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Kernels that do one thing only, to see what a device can reach. */
final class RateKernels {
  /** Chains of multiply-adds that do not wait for each other. */
  static final int CHAINS = 16;

  private RateKernels() {}

  /** Items: each makes {@code rounds[0]} times 16 multiply-adds, x = x y + z. */
  static void multiplyAdd(KernelContext context, IntArray rounds, FloatArray in, FloatArray out) {
    float[] x = new float[CHAINS];
    int item = context.globalIdx;
    float y = in.get(0);
    float z = in.get(1);
    for (int chain = 0; chain < CHAINS; chain++) {
      x[chain] = item + chain;
    }
    int count = rounds.get(0);
    for (int round = 0; round < count; round++) {
      for (int chain = 0; chain < CHAINS; chain++) {
        x[chain] = x[chain] * y + z;
      }
    }
    float sum = 0;
    for (int chain = 0; chain < CHAINS; chain++) {
      sum += x[chain];
    }
    out.set(item, sum);
  }

  /** Items: numbers, each read and written once. */
  static void copy(KernelContext context, FloatArray in, FloatArray out) {
    int at = context.globalIdx;
    out.set(at, in.get(at));
  }
}
