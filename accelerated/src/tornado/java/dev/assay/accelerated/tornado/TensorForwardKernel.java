package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.EDGE;
import static dev.assay.accelerated.device.Tiles.SLAB;

import dev.assay.accelerated.device.HalfRows;
import dev.assay.accelerated.device.Header;
import dev.assay.accelerated.device.PairIndex;
import dev.assay.accelerated.device.SoftmaxStep;
import dev.assay.accelerated.device.TileRows;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Forward on matrix units: products of 16 x 16 by 16 x 8 numbers of binary16, summed in binary32. A
 * work-group of two warps owns 32 queries of a head; each warp has 16 of them.
 *
 * <p>The numbers of a fragment cannot be reached one by one, so logits go through a scratch in the
 * device's memory, which its cache holds. Output stays in fragments, and is not rescaled at each
 * rise of a row's maximum: only when it has risen by {@link #ROOM} are the fragments written out,
 * and what there is so far rescaled (as FlashAttention-4 does, 2025). Until then weights exceed 1,
 * up to {@code exp(ROOM)}, which binary16 holds; their relative error is the same.
 */
final class TensorForwardKernel {
  /** Work-items of a group. */
  static final int ITEMS = 64;

  /** Floats of scratch for a group: its logits, and what its fragments held. */
  static final int SCRATCH = EDGE * EDGE + EDGE * SLAB;

  /** How far a logit may lie above what is subtracted from it. */
  private static final float ROOM = 6;

  private static final int WARP = 32;

  /** Logits of a work-item: half of a row of a tile. */
  private static final int OWN = 16;

  /** Pairs of channels of keys, and of values, that a work-item loads. */
  private static final int PAIRS = 16;

  private static final int LOW = 0xFFFF;
  private static final int HIGH = 0xFFFF0000;

  // Local memory of one operand, in ints and in bytes: 16 x 16 of the left, 16 x 8 of the right.
  private static final int LEFT = 128;
  private static final int RIGHT = 64;
  private static final int LEFT_BYTES = 4 * LEFT;
  private static final int RIGHT_BYTES = 4 * RIGHT;

  private TensorForwardKernel() {}

  /**
   * Groups: query tile, batch entry and head.
   *
   * @param halves rows of queries, keys and values
   * @param in the scale
   * @param out results, and behind them the scratch of each group, which begins at a multiple of 64
   */
  static void run(
      KernelContext context, IntArray ints, IntArray halves, FloatArray in, FloatArray out) {
    int[] queries = context.allocateIntLocalArray(16 * RIGHT);
    int[] keys = context.allocateIntLocalArray(8 * LEFT);
    int[] values = context.allocateIntLocalArray(16 * RIGHT);
    int[] weights = context.allocateIntLocalArray(4 * LEFT);
    int[] rows = context.allocateIntLocalArray(EDGE);
    int[] grown = context.allocateIntLocalArray(1);
    float[] shared = context.allocateFloatLocalArray(ITEMS);
    float[] s = new float[OWN];
    int item = context.localIdx;
    int warp = item / WARP;
    int tile = context.groupIdx;
    int plane = context.groupIdy;
    int b = plane / ints.get(Header.HEADS);
    int h = plane % ints.get(Header.HEADS);
    int kvHead = Places.kvHead(ints, h);
    int qAt = ints.get(Header.Q_AT);
    int kAt = ints.get(Header.K_AT);
    int vAt = ints.get(Header.V_AT);
    int width = ints.get(Header.VALUE_DEPTH);
    int allKeys = ints.get(Header.KEYS);
    int firstKey = Places.keyPosition(ints, b, kvHead, 0);
    boolean paged = ints.get(Header.PAGED) == 1;
    float scale = in.get(0);
    int all = ints.get(Header.EDGE) * EDGE;
    int scratch =
        ints.get(Header.SCRATCH_AT) + (plane * ints.get(Header.QUERY_TILES) + tile) * SCRATCH;
    int logitRow = scratch / EDGE + 16 * warp;
    int partAt = scratch + EDGE * EDGE;
    int partRow = partAt / SLAB + 16 * warp;
    for (int t = item; t < all / 2; t += ITEMS) {
      // Turned: two queries side by side, channels below each other.
      int two = t & 3;
      int channels = (t >> 2) & 7;
      int eight = (t >> 5) & 3;
      int step = t >> 7;
      int query = tile * EDGE + eight * 8 + 2 * two;
      int first = Places.query(ints, b, h, query);
      int second = Places.query(ints, b, h, query + 1);
      int left = 0;
      int right = 0;
      if (first >= 0) {
        left = halves.get(qAt + first * HalfRows.PITCH + step * 8 + channels);
      }
      if (second >= 0) {
        right = halves.get(qAt + second * HalfRows.PITCH + step * 8 + channels);
      }
      int at = (step * 4 + eight) * RIGHT + channels * 8 + two;
      queries[at] = (left & LOW) | (right << 16);
      // Not >>>: it is compiled as >>.
      queries[at + 4] = ((left >> 16) & LOW) | (right & HIGH);
    }
    context.localBarrier();
    // This work-item's row, and its half of the keys of a tile.
    int r = item % EDGE;
    int side = warp;
    int i = tile * EDGE + r;
    int row = Places.query(ints, b, h, i);
    int outAt = ints.get(Header.RESULT_OUT_AT) + row * width;
    int halfWidth = ints.get(Header.SLAB) / 2;
    float shift = Float.NEGATIVE_INFINITY;
    float rowSum = 0;
    int pointer = Places.rowPointer(ints, b, h, tile);
    int end = ints.get(pointer + 1);
    int e = ints.get(pointer);
    // Fragments are written out one by one: they can neither lie in an array nor leave a loop
    // within
    // this one.
    while (e < end) {
      float[] o0 = context.mmaFragment(0.0f);
      float[] o1 = context.mmaFragment(0.0f);
      float[] o2 = context.mmaFragment(0.0f);
      float[] o3 = context.mmaFragment(0.0f);
      float[] o4 = context.mmaFragment(0.0f);
      float[] o5 = context.mmaFragment(0.0f);
      float[] o6 = context.mmaFragment(0.0f);
      float[] o7 = context.mmaFragment(0.0f);
      float rise = shift;
      for (; e < end; e++) {
        int keyTile = ints.get(ints.get(Header.COLUMNS_AT) + e);
        int bitsAt = ints.get(ints.get(Header.ROW_BITS_AT) + e);
        context.localBarrier();
        if (item == 0) {
          grown[0] = 0;
        }
        if (paged) {
          if (item < EDGE) {
            rows[item] = Places.key(ints, b, kvHead, keyTile * EDGE + item);
          }
          context.localBarrier();
        }
        for (int turn = 0; turn < PAIRS; turn++) {
          int t = item + ITEMS * turn;
          int c = (t >> 8) * 8 + (t & 7);
          int j = ((t >> 5) & 7) * 4 + ((t >> 3) & 3);
          int key = keyTile * EDGE + j;
          if (paged) {
            key = rows[j];
          } else {
            key = key < allKeys ? firstKey + key : Places.ABSENT;
          }
          int keyPair = 0;
          int valuePair = 0;
          if (key >= 0) {
            keyPair = halves.get(kAt + key * HalfRows.PITCH + c);
            valuePair = halves.get(vAt + key * HalfRows.PITCH + c);
          }
          keys[((j >> 4) * 4 + (c >> 3)) * LEFT + (j & 15) * 8 + (c & 7)] = keyPair;
          values[((j >> 4) * 8 + (c >> 2)) * RIGHT + (j & 15) * 4 + (c & 3)] = valuePair;
        }
        context.localBarrier();
        HalfFloat[] q00 = context.mmaLoadB(queries, 16, 0);
        HalfFloat[] q10 = context.mmaLoadB(queries, 16, RIGHT_BYTES);
        HalfFloat[] q20 = context.mmaLoadB(queries, 16, 2 * RIGHT_BYTES);
        HalfFloat[] q30 = context.mmaLoadB(queries, 16, 3 * RIGHT_BYTES);
        HalfFloat[] q01 = context.mmaLoadB(queries, 16, 4 * RIGHT_BYTES);
        HalfFloat[] q11 = context.mmaLoadB(queries, 16, 5 * RIGHT_BYTES);
        HalfFloat[] q21 = context.mmaLoadB(queries, 16, 6 * RIGHT_BYTES);
        HalfFloat[] q31 = context.mmaLoadB(queries, 16, 7 * RIGHT_BYTES);
        HalfFloat[] q02 = context.mmaLoadB(queries, 16, 8 * RIGHT_BYTES);
        HalfFloat[] q12 = context.mmaLoadB(queries, 16, 9 * RIGHT_BYTES);
        HalfFloat[] q22 = context.mmaLoadB(queries, 16, 10 * RIGHT_BYTES);
        HalfFloat[] q32 = context.mmaLoadB(queries, 16, 11 * RIGHT_BYTES);
        HalfFloat[] q03 = context.mmaLoadB(queries, 16, 12 * RIGHT_BYTES);
        HalfFloat[] q13 = context.mmaLoadB(queries, 16, 13 * RIGHT_BYTES);
        HalfFloat[] q23 = context.mmaLoadB(queries, 16, 14 * RIGHT_BYTES);
        HalfFloat[] q33 = context.mmaLoadB(queries, 16, 15 * RIGHT_BYTES);
        HalfFloat[] k0 = context.mmaLoadA(keys, 16, warp * 4 * LEFT_BYTES);
        HalfFloat[] k1 = context.mmaLoadA(keys, 16, (warp * 4 + 1) * LEFT_BYTES);
        HalfFloat[] k2 = context.mmaLoadA(keys, 16, (warp * 4 + 2) * LEFT_BYTES);
        HalfFloat[] k3 = context.mmaLoadA(keys, 16, (warp * 4 + 3) * LEFT_BYTES);
        float[] s00 = context.mma(k0, q00, context.mmaFragment(0.0f), MMAShape.M16N8K16);
        float[] s10 = context.mma(k0, q10, context.mmaFragment(0.0f), MMAShape.M16N8K16);
        float[] s20 = context.mma(k0, q20, context.mmaFragment(0.0f), MMAShape.M16N8K16);
        float[] s30 = context.mma(k0, q30, context.mmaFragment(0.0f), MMAShape.M16N8K16);
        float[] s01 = context.mma(k1, q01, s00, MMAShape.M16N8K16);
        float[] s11 = context.mma(k1, q11, s10, MMAShape.M16N8K16);
        float[] s21 = context.mma(k1, q21, s20, MMAShape.M16N8K16);
        float[] s31 = context.mma(k1, q31, s30, MMAShape.M16N8K16);
        float[] s02 = context.mma(k2, q02, s01, MMAShape.M16N8K16);
        float[] s12 = context.mma(k2, q12, s11, MMAShape.M16N8K16);
        float[] s22 = context.mma(k2, q22, s21, MMAShape.M16N8K16);
        float[] s32 = context.mma(k2, q32, s31, MMAShape.M16N8K16);
        float[] s03 = context.mma(k3, q03, s02, MMAShape.M16N8K16);
        float[] s13 = context.mma(k3, q13, s12, MMAShape.M16N8K16);
        float[] s23 = context.mma(k3, q23, s22, MMAShape.M16N8K16);
        float[] s33 = context.mma(k3, q33, s32, MMAShape.M16N8K16);
        context.mmaStore(s03, out, logitRow, 0, EDGE);
        context.mmaStore(s13, out, logitRow, 8, EDGE);
        context.mmaStore(s23, out, logitRow, 16, EDGE);
        context.mmaStore(s33, out, logitRow, 24, EDGE);
        context.localBarrier();
        for (int t = 0; t < OWN; t++) {
          s[t] = scale * out.get(scratch + (side * OWN + t) * EDGE + r);
        }
        if (bitsAt != TileRows.CLEAR) {
          int from = 0;
          int to = 0;
          int bits = -1;
          if (row >= 0) {
            int range = b * ints.get(Header.QUERIES) + i;
            from = ints.get(ints.get(Header.FROM_AT) + range);
            to = ints.get(ints.get(Header.TO_AT) + range);
            bits = bitsAt >= 0 ? ints.get(bitsAt + r) : -1;
          }
          for (int t = 0; t < OWN; t++) {
            int j = keyTile * EDGE + side * OWN + t;
            s[t] = PairIndex.listed(j, from, to, bits) ? s[t] : Float.NEGATIVE_INFINITY;
          }
        }
        float largest = Float.NEGATIVE_INFINITY;
        for (int t = 0; t < OWN; t++) {
          largest = SoftmaxStep.larger(largest, s[t]);
        }
        shared[item] = largest;
        if (largest > shift + ROOM) {
          grown[0] = 1;
        }
        context.localBarrier();
        float rowMax = SoftmaxStep.larger(shared[r], shared[EDGE + r]);
        rise = SoftmaxStep.larger(shift, rowMax);
        if (grown[0] != 0) {
          // This tile comes again, with more subtracted.
          break;
        }
        rise = shift;
        float subtracted = SoftmaxStep.shift(shift);
        for (int t = 0; t < OWN / 2; t++) {
          float even = TornadoMath.exp(s[2 * t] - subtracted);
          float odd = TornadoMath.exp(s[2 * t + 1] - subtracted);
          rowSum += even + odd;
          int low = new HalfFloat(even).getHalfFloatValue() & LOW;
          int high = new HalfFloat(odd).getHalfFloatValue() & LOW;
          weights[(r / 16 * 2 + side) * LEFT + r % 16 * 8 + t] = low | (high << 16);
        }
        context.localBarrier();
        HalfFloat[] w0 = context.mmaLoadA(weights, 16, (warp * 2) * LEFT_BYTES);
        HalfFloat[] v00 = context.mmaLoadB(values, 16, 0);
        HalfFloat[] v01 = context.mmaLoadB(values, 16, RIGHT_BYTES);
        HalfFloat[] v02 = context.mmaLoadB(values, 16, 2 * RIGHT_BYTES);
        HalfFloat[] v03 = context.mmaLoadB(values, 16, 3 * RIGHT_BYTES);
        HalfFloat[] v04 = context.mmaLoadB(values, 16, 4 * RIGHT_BYTES);
        HalfFloat[] v05 = context.mmaLoadB(values, 16, 5 * RIGHT_BYTES);
        HalfFloat[] v06 = context.mmaLoadB(values, 16, 6 * RIGHT_BYTES);
        HalfFloat[] v07 = context.mmaLoadB(values, 16, 7 * RIGHT_BYTES);
        o0 = context.mma(w0, v00, o0, MMAShape.M16N8K16);
        o1 = context.mma(w0, v01, o1, MMAShape.M16N8K16);
        o2 = context.mma(w0, v02, o2, MMAShape.M16N8K16);
        o3 = context.mma(w0, v03, o3, MMAShape.M16N8K16);
        o4 = context.mma(w0, v04, o4, MMAShape.M16N8K16);
        o5 = context.mma(w0, v05, o5, MMAShape.M16N8K16);
        o6 = context.mma(w0, v06, o6, MMAShape.M16N8K16);
        o7 = context.mma(w0, v07, o7, MMAShape.M16N8K16);
        HalfFloat[] w1 = context.mmaLoadA(weights, 16, (warp * 2 + 1) * LEFT_BYTES);
        HalfFloat[] v10 = context.mmaLoadB(values, 16, 8 * RIGHT_BYTES);
        HalfFloat[] v11 = context.mmaLoadB(values, 16, 9 * RIGHT_BYTES);
        HalfFloat[] v12 = context.mmaLoadB(values, 16, 10 * RIGHT_BYTES);
        HalfFloat[] v13 = context.mmaLoadB(values, 16, 11 * RIGHT_BYTES);
        HalfFloat[] v14 = context.mmaLoadB(values, 16, 12 * RIGHT_BYTES);
        HalfFloat[] v15 = context.mmaLoadB(values, 16, 13 * RIGHT_BYTES);
        HalfFloat[] v16 = context.mmaLoadB(values, 16, 14 * RIGHT_BYTES);
        HalfFloat[] v17 = context.mmaLoadB(values, 16, 15 * RIGHT_BYTES);
        o0 = context.mma(w1, v10, o0, MMAShape.M16N8K16);
        o1 = context.mma(w1, v11, o1, MMAShape.M16N8K16);
        o2 = context.mma(w1, v12, o2, MMAShape.M16N8K16);
        o3 = context.mma(w1, v13, o3, MMAShape.M16N8K16);
        o4 = context.mma(w1, v14, o4, MMAShape.M16N8K16);
        o5 = context.mma(w1, v15, o5, MMAShape.M16N8K16);
        o6 = context.mma(w1, v16, o6, MMAShape.M16N8K16);
        o7 = context.mma(w1, v17, o7, MMAShape.M16N8K16);
      }
      context.mmaStore(o0, out, partRow, 0, SLAB);
      context.mmaStore(o1, out, partRow, 8, SLAB);
      context.mmaStore(o2, out, partRow, 16, SLAB);
      context.mmaStore(o3, out, partRow, 24, SLAB);
      context.mmaStore(o4, out, partRow, 32, SLAB);
      context.mmaStore(o5, out, partRow, 40, SLAB);
      context.mmaStore(o6, out, partRow, 48, SLAB);
      context.mmaStore(o7, out, partRow, 56, SLAB);
      context.localBarrier();
      float factor = 0;
      if (shift > Float.NEGATIVE_INFINITY) {
        factor = TornadoMath.exp(shift - rise);
      }
      if (row >= 0) {
        for (int t = 0; t < halfWidth; t++) {
          int c = side * halfWidth + t;
          if (c < width) {
            float so = 0;
            if (shift > Float.NEGATIVE_INFINITY) {
              so = factor * (out.get(outAt + c) + out.get(partAt + r * SLAB + c));
            }
            out.set(outAt + c, so);
          }
        }
      }
      rowSum = rowSum * factor;
      shift = rise;
    }
    context.localBarrier();
    shared[item] = rowSum;
    context.localBarrier();
    float sum = shared[r] + shared[EDGE + r];
    boolean empty = SoftmaxStep.empty(sum);
    if (row >= 0) {
      for (int t = 0; t < halfWidth; t++) {
        int c = side * halfWidth + t;
        if (c < width) {
          float result = 0;
          if (!empty) {
            result = out.get(outAt + c) / sum;
          }
          out.set(outAt + c, result);
        }
      }
      if (side == 0) {
        float lse = empty ? Float.NEGATIVE_INFINITY : shift + TornadoMath.log(sum);
        out.set(ints.get(Header.RESULT_LSE_AT) + row, lse);
      }
    }
  }
}
