package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.EACH;
import static dev.assay.accelerated.device.Tiles.EDGE;
import static dev.assay.accelerated.device.Tiles.OWN;
import static dev.assay.accelerated.device.Tiles.RESULTS;
import static dev.assay.accelerated.device.Tiles.SIDE;
import static dev.assay.accelerated.device.Tiles.WIDE;

import dev.assay.accelerated.device.Header;
import dev.assay.accelerated.device.SoftmaxStep;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Forward: a work-group owns 32 queries of a head and 64 channels of their output, and walks the
 * tiles of keys that they meet.
 */
final class ForwardKernel {
  private ForwardKernel() {}

  /** Groups: query tile, batch entry and head, slab of output channels. */
  static void run(KernelContext context, IntArray ints, FloatArray in, FloatArray out) {
    float[] s = new float[OWN];
    float[] results = new float[RESULTS];
    float[] rowMax = new float[EACH];
    float[] rowSum = new float[EACH];
    int tile = context.groupIdx;
    int plane = context.groupIdy;
    int b = plane / ints.get(Header.HEADS);
    int h = plane % ints.get(Header.HEADS);
    int pointer = Places.rowPointer(ints, b, h, tile);
    for (int a = 0; a < EACH; a++) {
      rowMax[a] = Float.NEGATIVE_INFINITY;
      rowSum[a] = 0;
    }
    Slabs.clear(results);
    int vAt = ints.get(Header.V_AT);
    int width = ints.get(Header.VALUE_DEPTH);
    int end = ints.get(pointer + 1);
    for (int e = ints.get(pointer); e < end; e++) {
      int keyTile = ints.get(ints.get(Header.COLUMNS_AT) + e);
      int bitsAt = ints.get(ints.get(Header.ROW_BITS_AT) + e);
      Dots.scores(context, ints, in, b, h, tile, keyTile, s);
      Logits.of(context, ints, in, b, h, tile, keyTile, bitsAt, s, s);
      int counts = absorb(context, s, rowMax, rowSum, results);
      counts &= Dropout.kept(context, ints, in, b, h, tile, keyTile);
      Dropout.weigh(ints, in, s);
      Sums.overKeys(context, ints, in, b, h, keyTile, vAt, width, s, counts, results);
    }
    finish(context, ints, out, b, h, tile, rowMax, rowSum, results);
  }

  /**
   * Replaces logits by {@code exp(s - rowMax)}, adds them to this work-item's share of the row
   * sums, and rescales what there is so far where the maximum rises.
   *
   * @return a bit for each pair that is not masked
   */
  private static int absorb(
      KernelContext context, float[] s, float[] rowMax, float[] rowSum, float[] results) {
    float[] lanes = context.allocateFloatLocalArray(EDGE * SIDE);
    int x = context.localIdx;
    int y = context.localIdy;
    for (int a = 0; a < EACH; a++) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int t = 0; t < EACH; t++) {
        largest = SoftmaxStep.larger(largest, s[a * EACH + t]);
      }
      lanes[(y + SIDE * a) * SIDE + x] = largest;
    }
    context.localBarrier();
    int counts = 0;
    for (int a = 0; a < EACH; a++) {
      float newMax = rowMax[a];
      for (int lane = 0; lane < SIDE; lane++) {
        newMax = SoftmaxStep.larger(newMax, lanes[(y + SIDE * a) * SIDE + lane]);
      }
      float shift = SoftmaxStep.shift(newMax);
      float rescale = TornadoMath.exp(rowMax[a] - shift);
      float sum = 0;
      for (int t = 0; t < EACH; t++) {
        counts |= SoftmaxStep.seen(s[a * EACH + t]) ? 1 << (a * EACH + t) : 0;
        s[a * EACH + t] = TornadoMath.exp(s[a * EACH + t] - shift);
        sum += s[a * EACH + t];
      }
      rowMax[a] = newMax;
      rowSum[a] = rowSum[a] * rescale + sum;
      for (int t = 0; t < WIDE; t++) {
        results[a * WIDE + t] *= rescale;
      }
    }
    return counts;
  }

  /** Divides by the row sums and writes output and LSE. */
  private static void finish(
      KernelContext context,
      IntArray ints,
      FloatArray out,
      int b,
      int h,
      int tile,
      float[] rowMax,
      float[] rowSum,
      float[] results) {
    float[] lanes = context.allocateFloatLocalArray(EDGE * SIDE);
    int x = context.localIdx;
    int y = context.localIdy;
    int slab = context.groupIdz;
    for (int a = 0; a < EACH; a++) {
      lanes[(y + SIDE * a) * SIDE + x] = rowSum[a];
    }
    context.localBarrier();
    for (int a = 0; a < EACH; a++) {
      int r = y + SIDE * a;
      int row = Places.query(ints, b, h, tile * EDGE + r);
      float sum = 0;
      for (int lane = 0; lane < SIDE; lane++) {
        sum += lanes[r * SIDE + lane];
      }
      boolean empty = SoftmaxStep.empty(sum);
      for (int t = 0; t < WIDE; t++) {
        results[a * WIDE + t] = empty ? 0 : results[a * WIDE + t] / sum;
      }
      Slabs.store(
          context,
          out,
          ints.get(Header.RESULT_OUT_AT),
          row,
          ints.get(Header.VALUE_DEPTH),
          a,
          results);
      if (x == 0 && slab == 0 && row >= 0) {
        float lse = empty ? Float.NEGATIVE_INFINITY : rowMax[a] + TornadoMath.log(sum);
        out.set(ints.get(Header.RESULT_LSE_AT) + row, lse);
      }
    }
  }
}
