package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.EACH;
import static dev.assay.accelerated.device.Tiles.EDGE;
import static dev.assay.accelerated.device.Tiles.PITCH;
import static dev.assay.accelerated.device.Tiles.SIDE;
import static dev.assay.accelerated.device.Tiles.SLAB;
import static dev.assay.accelerated.device.Tiles.WIDE;

import dev.assay.accelerated.device.Header;
import dev.assay.accelerated.device.PairIndex;
import dev.assay.accelerated.device.SoftmaxStep;
import dev.assay.accelerated.device.TileRows;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Forward for at most 64 channels and no numbers for single pairs (bias, mask, dropout, softcap):
 * what {@link ForwardKernel} does, with queries, keys and values of a tile in local memory as a
 * whole.
 *
 * <p>One long method, for local memory cannot be handed on (see {@link Dots}).
 */
final class LeanForwardKernel {
  // Rows of local memory are as long as lets the work-items of a warp meet all banks: neighbours
  // write a column of 4 rows and 8 channels, and 8 keys of 4 queries.
  private static final int TURNED_PITCH = EDGE + 4;
  private static final int VALUE_PITCH = SLAB + 8;

  /** Weight of a pair that does not count; true weights are never negative. */
  private static final float NONE = -1;

  private LeanForwardKernel() {}

  /** Groups: query tile, batch entry and head. */
  static void run(KernelContext context, IntArray ints, FloatArray in, FloatArray out) {
    float[] queries = context.allocateFloatLocalArray(SLAB * TURNED_PITCH);
    // Keys first, a column for each, then the rows of their values.
    float[] tokens = context.allocateFloatLocalArray(SLAB * TURNED_PITCH);
    float[] weights = context.allocateFloatLocalArray(EDGE * PITCH);
    float[] lanes = context.allocateFloatLocalArray(EDGE * SIDE);
    float[] s = new float[EACH * EACH];
    float[] results = new float[EACH * WIDE];
    float[] rowMax = new float[EACH];
    float[] rowSum = new float[EACH];
    int tile = context.groupIdx;
    int plane = context.groupIdy;
    int b = plane / ints.get(Header.HEADS);
    int h = plane % ints.get(Header.HEADS);
    int kvHead = Places.kvHead(ints, h);
    int x = context.localIdx;
    int y = context.localIdy;
    int depth = ints.get(Header.DEPTH);
    int width = ints.get(Header.VALUE_DEPTH);
    int qAt = ints.get(Header.Q_AT);
    int kAt = ints.get(Header.K_AT);
    int vAt = ints.get(Header.V_AT);
    float scale = in.get(ints.get(Header.SCALE_AT));
    int edge = ints.get(Header.EDGE);
    for (int r = y; r < edge; r += SIDE) {
      int row = Places.query(ints, b, h, tile * EDGE + r);
      for (int c = x; c < depth; c += SIDE) {
        queries[c * TURNED_PITCH + r] = scale * Slabs.channel(in, qAt, row, depth, c);
      }
    }
    for (int a = 0; a < EACH; a++) {
      rowMax[a] = Float.NEGATIVE_INFINITY;
      rowSum[a] = 0;
    }
    for (int own = 0; own < EACH * WIDE; own++) {
      results[own] = 0;
    }
    int pointer = Places.rowPointer(ints, b, h, tile);
    int end = ints.get(pointer + 1);
    for (int e = ints.get(pointer); e < end; e++) {
      int keyTile = ints.get(ints.get(Header.COLUMNS_AT) + e);
      int bitsAt = ints.get(ints.get(Header.ROW_BITS_AT) + e);
      context.localBarrier();
      for (int r = y; r < edge; r += SIDE) {
        int row = Places.key(ints, b, kvHead, keyTile * EDGE + r);
        int keyAt = kAt + row * depth;
        for (int c = x; c < depth; c += SIDE) {
          float key = 0;
          if (row >= 0) {
            key = in.get(keyAt + c);
          }
          tokens[c * TURNED_PITCH + r] = key;
        }
      }
      context.localBarrier();
      for (int own = 0; own < EACH * EACH; own++) {
        s[own] = 0;
      }
      for (int c = 0; c < depth; c++) {
        for (int a = 0; a < EACH; a++) {
          for (int t = 0; t < EACH; t++) {
            s[a * EACH + t] +=
                queries[c * TURNED_PITCH + y + SIDE * a] * tokens[c * TURNED_PITCH + x + SIDE * t];
          }
        }
      }
      if (bitsAt != TileRows.CLEAR) {
        for (int a = 0; a < EACH; a++) {
          int r = y + SIDE * a;
          int i = tile * EDGE + r;
          int from = 0;
          int to = 0;
          int bits = -1;
          if (i < ints.get(Header.QUERIES)) {
            int range = b * ints.get(Header.QUERIES) + i;
            from = ints.get(ints.get(Header.FROM_AT) + range);
            to = ints.get(ints.get(Header.TO_AT) + range);
            bits = bitsAt >= 0 ? ints.get(bitsAt + r) : -1;
          }
          for (int t = 0; t < EACH; t++) {
            int j = keyTile * EDGE + x + SIDE * t;
            s[a * EACH + t] =
                PairIndex.listed(j, from, to, bits) ? s[a * EACH + t] : Float.NEGATIVE_INFINITY;
          }
        }
      }
      for (int a = 0; a < EACH; a++) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int t = 0; t < EACH; t++) {
          largest = SoftmaxStep.larger(largest, s[a * EACH + t]);
        }
        lanes[(y + SIDE * a) * SIDE + x] = largest;
      }
      context.localBarrier();
      for (int r = y; r < edge; r += SIDE) {
        int row = Places.key(ints, b, kvHead, keyTile * EDGE + r);
        int valueAt = vAt + row * width;
        for (int c = x; c < width; c += SIDE) {
          float value = 0;
          if (row >= 0) {
            value = in.get(valueAt + c);
          }
          tokens[r * VALUE_PITCH + c] = value;
        }
      }
      for (int a = 0; a < EACH; a++) {
        float newMax = rowMax[a];
        for (int lane = 0; lane < SIDE; lane++) {
          newMax = SoftmaxStep.larger(newMax, lanes[(y + SIDE * a) * SIDE + lane]);
        }
        float shift = SoftmaxStep.shift(newMax);
        float rescale = TornadoMath.exp(rowMax[a] - shift);
        float sum = 0;
        for (int t = 0; t < EACH; t++) {
          float logit = s[a * EACH + t];
          float weight = TornadoMath.exp(logit - shift);
          sum += weight;
          weights[(x + SIDE * t) * PITCH + y + SIDE * a] = SoftmaxStep.seen(logit) ? weight : NONE;
        }
        rowMax[a] = newMax;
        rowSum[a] = rowSum[a] * rescale + sum;
        for (int t = 0; t < WIDE; t++) {
          results[a * WIDE + t] *= rescale;
        }
      }
      context.localBarrier();
      for (int j = 0; j < edge; j++) {
        for (int a = 0; a < EACH; a++) {
          float weight = weights[j * PITCH + y + SIDE * a];
          // Passed over and not multiplied by 0: its row may hold NaN. In a clear tile too, for a
          // logit of -inf is masked wherever it comes from.
          if (!(weight < 0)) {
            for (int t = 0; t < WIDE; t++) {
              results[a * WIDE + t] += weight * tokens[j * VALUE_PITCH + x + SIDE * t];
            }
          }
        }
      }
    }
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
      if (row >= 0) {
        int at = ints.get(Header.RESULT_OUT_AT) + row * width;
        for (int t = 0; t < WIDE; t++) {
          int c = x + SIDE * t;
          if (c < width) {
            out.set(at + c, empty ? 0 : results[a * WIDE + t] / sum);
          }
        }
        if (x == 0) {
          float lse = empty ? Float.NEGATIVE_INFINITY : rowMax[a] + TornadoMath.log(sum);
          out.set(ints.get(Header.RESULT_LSE_AT) + row, lse);
        }
      }
    }
  }
}
