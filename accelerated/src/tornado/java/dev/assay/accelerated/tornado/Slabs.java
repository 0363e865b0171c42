package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.RESULTS;
import static dev.assay.accelerated.device.Tiles.SIDE;
import static dev.assay.accelerated.device.Tiles.SLAB;
import static dev.assay.accelerated.device.Tiles.WIDE;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Channels of rows: read where there are any, and results of 32 rows by 64 channels. */
final class Slabs {
  private Slabs() {}

  /** Channel c of a row, 0 where there is no such row or channel. */
  static float channel(FloatArray in, int at, int row, int width, int c) {
    float value = 0;
    if (row >= 0 && c < width) {
      value = in.get(at + row * width + c);
    }
    return value;
  }

  /** Sets this work-item's 4 x 8 results to 0. */
  static void clear(float[] results) {
    for (int own = 0; own < RESULTS; own++) {
      results[own] = 0;
    }
  }

  /** Writes this work-item's share of a row: number {@code a} of its rows. */
  static void store(
      KernelContext context, FloatArray out, int at, int row, int width, int a, float[] results) {
    int first = context.groupIdz * SLAB;
    int x = context.localIdx;
    for (int t = 0; t < WIDE; t++) {
      int c = first + x + SIDE * t;
      if (row >= 0 && c < width) {
        out.set(at + row * width + c, results[a * WIDE + t]);
      }
    }
  }
}
