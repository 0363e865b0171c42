package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.HalfTiles.BLOCK_LEFT;
import static dev.assay.accelerated.device.HalfTiles.BLOCK_RIGHT;
import static dev.assay.accelerated.device.HalfTiles.TILE;
import static dev.assay.accelerated.device.Tiles.EDGE;

import dev.assay.accelerated.device.Header;
import dev.assay.accelerated.device.Lines;
import dev.assay.accelerated.device.PairIndex;
import dev.assay.accelerated.device.SoftmaxStep;
import dev.assay.accelerated.device.TileRows;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Forward on matrix units: products of 16 x 16 by 16 x 8 numbers of binary16, summed in binary32. A
 * work-group of four warps owns two neighbouring tiles of 32 queries of a head, two warps each.
 * Their logits, weights and results stay in registers (Dao, "FlashAttention-2", 2023). While a tile
 * of keys and values is worked on, the next one that any warp wants is copied to local memory.
 *
 * <p>A fragment of a result holds, in lane l of a warp, the numbers of rows l / 4 and l / 4 + 8 in
 * columns 2 (l mod 4) and the one behind it. So a lane has numbers of two of its warp's 16 rows.
 *
 * <p>One long method, for neither fragments nor local memory can be handed on (see {@link Dots}).
 */
final class TensorForwardKernel {
  /** Work-items of a group. */
  static final int ITEMS = 128;

  /** Tiles of queries of a group. */
  static final int TILES = 2;

  private static final int WARP = 32;

  /** Lanes that share a row of a fragment. */
  private static final int QUAD = 4;

  /** Rows of a lane. */
  private static final int ROWS = 2;

  /** Numbers of a lane in a row of four fragments. */
  private static final int OWN = 8;

  /** TornadoVM stores fragments behind the header of a Java array, in floats. */
  private static final int HEADER = Lines.HEADER / Float.BYTES;

  /** Ints of a tile that a work-item copies. */
  private static final int COPIES = TILE / 2 / ITEMS;

  /** Behind all tiles of keys. */
  private static final int NONE = Integer.MAX_VALUE;

  private static final int LOW = 0xFFFF;
  private static final int LEFT_BYTES = 2 * BLOCK_LEFT;
  private static final int RIGHT_BYTES = 2 * BLOCK_RIGHT;
  private static final int TILE_BYTES = 2 * TILE;

  private TensorForwardKernel() {}

  /**
   * Groups: pair of query tiles, batch entry and head.
   *
   * @param halves tiles of queries, keys and values
   * @param in the scale
   * @param out results
   */
  static void run(
      KernelContext context, IntArray ints, HalfFloatArray halves, FloatArray in, FloatArray out) {
    int[] queries = context.allocateIntLocalArray(TILE);
    int[] keys = context.allocateIntLocalArray(TILE);
    int[] values = context.allocateIntLocalArray(TILE);
    int[] weights = context.allocateIntLocalArray(4 * BLOCK_LEFT);
    float[] lanes = context.allocateFloatLocalArray(TILES * EDGE * QUAD);
    float[] s = new float[HEADER + ROWS * OWN];
    float[] part = new float[HEADER + 2 * ROWS * OWN];
    float[] results = new float[2 * ROWS * OWN];
    float[] rowMax = new float[ROWS];
    float[] rowSum = new float[ROWS];
    float[] factor = new float[ROWS];
    int item = context.localIdx;
    int firstTile = TILES * context.groupIdx;
    int plane = context.groupIdy;
    // The numbers of a fragment cannot be reached one by one, and are stored to a FloatArray
    // alone. These are arrays of a work-item under that name, for no minimum exceeds what it is
    // taken of. The device's compiler sees as much, and keeps them in registers; TornadoVM's does
    // not, and does not complain.
    Object logits = s;
    Object products = part;
    if (TornadoMath.min(item, plane) > item) {
      logits = out;
      products = out;
    }
    FloatArray toLogits = (FloatArray) logits;
    FloatArray toPart = (FloatArray) products;
    int warp = item / WARP;
    // Written as TornadoVM writes the place of a number, so that the sums of both cancel.
    int lane = item & 31;
    int quad = lane >> 2;
    int column = (lane & 3) << 1;
    int b = plane / ints.get(Header.HEADS);
    int h = plane % ints.get(Header.HEADS);
    int kvPlane = b * ints.get(Header.KV_HEADS) + Places.kvHead(ints, h);
    float scale = in.get(0);
    int queryTiles = ints.get(Header.QUERY_TILES);
    int qAt = ints.get(Header.Q_AT) + (plane * queryTiles + firstTile) * TILE;
    int kAt = ints.get(Header.K_AT) + kvPlane * ints.get(Header.KEY_TILES) * TILE;
    int vAt = ints.get(Header.V_AT) + kvPlane * ints.get(Header.KEY_TILES) * TILE;
    int most = firstTile + 1 < queryTiles ? 2 * COPIES : COPIES;
    for (int t = 0; t < most; t++) {
      int at = item + ITEMS * t;
      context.asyncCopyToLocal(queries, at, halves, qAt + 2 * at);
    }
    int first = firstTile * EDGE + 16 * warp + quad;
    int lanesAt = (16 * warp + quad) * QUAD;
    for (int row = 0; row < ROWS; row++) {
      rowMax[row] = Float.NEGATIVE_INFINITY;
      rowSum[row] = 0;
    }
    for (int t = 0; t < 2 * ROWS * OWN; t++) {
      results[t] = 0;
    }
    int pointer = Places.rowPointer(ints, b, h, firstTile);
    int columnsAt = ints.get(Header.COLUMNS_AT);
    int rowBitsAt = ints.get(Header.ROW_BITS_AT);
    int e = ints.get(pointer);
    int end = ints.get(pointer + 1);
    int f = end;
    int fEnd = firstTile + 1 < queryTiles ? ints.get(pointer + 2) : end;
    int left = NONE;
    if (e < end) {
      left = ints.get(columnsAt + e);
    }
    int right = NONE;
    if (f < fEnd) {
      right = ints.get(columnsAt + f);
    }
    int next = TornadoMath.min(left, right);
    if (next < NONE) {
      int keysFrom = kAt + next * TILE + 2 * item;
      int valuesFrom = vAt + next * TILE + 2 * item;
      for (int t = 0; t < COPIES; t++) {
        context.asyncCopyToLocal(keys, item + ITEMS * t, halves, keysFrom + 2 * ITEMS * t);
        context.asyncCopyToLocal(values, item + ITEMS * t, halves, valuesFrom + 2 * ITEMS * t);
      }
    }
    context.asyncCopyCommit();
    context.asyncCopyWaitGroup(0);
    context.localBarrier();
    HalfFloat[] q0 = context.mmaLoadA(queries, 16, warp * 4 * LEFT_BYTES);
    HalfFloat[] q1 = context.mmaLoadA(queries, 16, (warp * 4 + 1) * LEFT_BYTES);
    HalfFloat[] q2 = context.mmaLoadA(queries, 16, (warp * 4 + 2) * LEFT_BYTES);
    HalfFloat[] q3 = context.mmaLoadA(queries, 16, (warp * 4 + 3) * LEFT_BYTES);
    int stage = 0;
    while (next < NONE) {
      int keyTile = next;
      boolean mine = (warp < 2 ? left : right) == keyTile;
      int bitsAt = TileRows.CLEAR;
      if (mine) {
        bitsAt = ints.get(rowBitsAt + (warp < 2 ? e : f));
      }
      e += left == keyTile ? 1 : 0;
      f += right == keyTile ? 1 : 0;
      left = NONE;
      if (e < end) {
        left = ints.get(columnsAt + e);
      }
      right = NONE;
      if (f < fEnd) {
        right = ints.get(columnsAt + f);
      }
      next = TornadoMath.min(left, right);
      context.asyncCopyWaitGroup(0);
      context.localBarrier();
      if (next < NONE) {
        int keysFrom = kAt + next * TILE + 2 * item;
        int valuesFrom = vAt + next * TILE + 2 * item;
        int to = item + (1 - stage) * (TILE / 2);
        for (int t = 0; t < COPIES; t++) {
          context.asyncCopyToLocal(keys, to + ITEMS * t, halves, keysFrom + 2 * ITEMS * t);
          context.asyncCopyToLocal(values, to + ITEMS * t, halves, valuesFrom + 2 * ITEMS * t);
        }
        context.asyncCopyCommit();
      }
      int bytes = stage * TILE_BYTES;
      HalfFloat[] k00 = context.mmaLoadB(keys, 16, bytes);
      HalfFloat[] k01 = context.mmaLoadB(keys, 16, bytes + RIGHT_BYTES);
      HalfFloat[] k02 = context.mmaLoadB(keys, 16, bytes + 2 * RIGHT_BYTES);
      HalfFloat[] k03 = context.mmaLoadB(keys, 16, bytes + 3 * RIGHT_BYTES);
      float[] s00 = context.mma(q0, k00, context.mmaFragment(0.0f), MMAShape.M16N8K16);
      float[] s01 = context.mma(q0, k01, context.mmaFragment(0.0f), MMAShape.M16N8K16);
      float[] s02 = context.mma(q0, k02, context.mmaFragment(0.0f), MMAShape.M16N8K16);
      float[] s03 = context.mma(q0, k03, context.mmaFragment(0.0f), MMAShape.M16N8K16);
      HalfFloat[] k10 = context.mmaLoadB(keys, 16, bytes + 4 * RIGHT_BYTES);
      HalfFloat[] k11 = context.mmaLoadB(keys, 16, bytes + 5 * RIGHT_BYTES);
      HalfFloat[] k12 = context.mmaLoadB(keys, 16, bytes + 6 * RIGHT_BYTES);
      HalfFloat[] k13 = context.mmaLoadB(keys, 16, bytes + 7 * RIGHT_BYTES);
      float[] s10 = context.mma(q1, k10, s00, MMAShape.M16N8K16);
      float[] s11 = context.mma(q1, k11, s01, MMAShape.M16N8K16);
      float[] s12 = context.mma(q1, k12, s02, MMAShape.M16N8K16);
      float[] s13 = context.mma(q1, k13, s03, MMAShape.M16N8K16);
      HalfFloat[] k20 = context.mmaLoadB(keys, 16, bytes + 8 * RIGHT_BYTES);
      HalfFloat[] k21 = context.mmaLoadB(keys, 16, bytes + 9 * RIGHT_BYTES);
      HalfFloat[] k22 = context.mmaLoadB(keys, 16, bytes + 10 * RIGHT_BYTES);
      HalfFloat[] k23 = context.mmaLoadB(keys, 16, bytes + 11 * RIGHT_BYTES);
      float[] s20 = context.mma(q2, k20, s10, MMAShape.M16N8K16);
      float[] s21 = context.mma(q2, k21, s11, MMAShape.M16N8K16);
      float[] s22 = context.mma(q2, k22, s12, MMAShape.M16N8K16);
      float[] s23 = context.mma(q2, k23, s13, MMAShape.M16N8K16);
      HalfFloat[] k30 = context.mmaLoadB(keys, 16, bytes + 12 * RIGHT_BYTES);
      HalfFloat[] k31 = context.mmaLoadB(keys, 16, bytes + 13 * RIGHT_BYTES);
      HalfFloat[] k32 = context.mmaLoadB(keys, 16, bytes + 14 * RIGHT_BYTES);
      HalfFloat[] k33 = context.mmaLoadB(keys, 16, bytes + 15 * RIGHT_BYTES);
      float[] s30 = context.mma(q3, k30, s20, MMAShape.M16N8K16);
      float[] s31 = context.mma(q3, k31, s21, MMAShape.M16N8K16);
      float[] s32 = context.mma(q3, k32, s22, MMAShape.M16N8K16);
      float[] s33 = context.mma(q3, k33, s23, MMAShape.M16N8K16);
      context.mmaStore(s30, toLogits, -quad, -column, 1);
      context.mmaStore(s31, toLogits, -quad, 2 - column, 1);
      context.mmaStore(s32, toLogits, -quad, 4 - column, 1);
      context.mmaStore(s33, toLogits, -quad, 6 - column, 1);
      for (int t = HEADER; t < HEADER + ROWS * OWN; t++) {
        s[t] *= scale;
      }
      if (!mine || bitsAt != TileRows.CLEAR) {
        for (int row = 0; row < ROWS; row++) {
          int from = 0;
          int to = 0;
          int bits = -1;
          int i = first + 8 * row;
          if (mine && i < ints.get(Header.QUERIES)) {
            int range = b * ints.get(Header.QUERIES) + i;
            from = ints.get(ints.get(Header.FROM_AT) + range);
            to = ints.get(ints.get(Header.TO_AT) + range);
            bits = bitsAt >= 0 ? ints.get(bitsAt + i % EDGE) : -1;
          }
          for (int t = 0; t < OWN; t++) {
            int j = keyTile * EDGE + t / 2 * 8 + column + t % 2;
            int at = HEADER + OWN * row + t;
            s[at] = PairIndex.listed(j, from, to, bits) ? s[at] : Float.NEGATIVE_INFINITY;
          }
        }
      }
      // The device's own maximum, one instruction: CUDA's leaves NaN out too, as SoftmaxStep does.
      for (int row = 0; row < ROWS; row++) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int t = 0; t < OWN; t++) {
          largest = TornadoMath.max(largest, s[HEADER + OWN * row + t]);
        }
        lanes[lanesAt + 8 * QUAD * row + lane % QUAD] = largest;
      }
      context.localBarrier();
      for (int row = 0; row < ROWS; row++) {
        float newMax = rowMax[row];
        for (int t = 0; t < QUAD; t++) {
          newMax = TornadoMath.max(newMax, lanes[lanesAt + 8 * QUAD * row + t]);
        }
        float shift = SoftmaxStep.shift(newMax);
        factor[row] = TornadoMath.exp(rowMax[row] - shift);
        rowMax[row] = newMax;
        float sum = rowSum[row] * factor[row];
        int weightsAt = warp * BLOCK_LEFT + row * 64 + quad * 8 + lane % QUAD;
        for (int t = 0; t < OWN / 2; t++) {
          float even = TornadoMath.exp(s[HEADER + OWN * row + 2 * t] - shift);
          float odd = TornadoMath.exp(s[HEADER + OWN * row + 2 * t + 1] - shift);
          sum += even + odd;
          int low = new HalfFloat(even).getHalfFloatValue() & LOW;
          int high = new HalfFloat(odd).getHalfFloatValue() & LOW;
          weights[weightsAt + t / 2 * (BLOCK_LEFT / 2) + t % 2 * 4] = low | (high << 16);
        }
        rowSum[row] = sum;
      }
      context.localBarrier();
      HalfFloat[] w0 = context.mmaLoadA(weights, 16, warp * 2 * LEFT_BYTES);
      HalfFloat[] w1 = context.mmaLoadA(weights, 16, (warp * 2 + 1) * LEFT_BYTES);
      for (int half = 0; half < 2; half++) {
        int at = bytes + half * 4 * RIGHT_BYTES;
        int to = half * ROWS * OWN - column;
        HalfFloat[] v00 = context.mmaLoadB(values, 16, at);
        HalfFloat[] v01 = context.mmaLoadB(values, 16, at + RIGHT_BYTES);
        HalfFloat[] v02 = context.mmaLoadB(values, 16, at + 2 * RIGHT_BYTES);
        HalfFloat[] v03 = context.mmaLoadB(values, 16, at + 3 * RIGHT_BYTES);
        float[] o00 = context.mma(w0, v00, context.mmaFragment(0.0f), MMAShape.M16N8K16);
        float[] o01 = context.mma(w0, v01, context.mmaFragment(0.0f), MMAShape.M16N8K16);
        float[] o02 = context.mma(w0, v02, context.mmaFragment(0.0f), MMAShape.M16N8K16);
        float[] o03 = context.mma(w0, v03, context.mmaFragment(0.0f), MMAShape.M16N8K16);
        HalfFloat[] v10 = context.mmaLoadB(values, 16, at + 8 * RIGHT_BYTES);
        HalfFloat[] v11 = context.mmaLoadB(values, 16, at + 9 * RIGHT_BYTES);
        HalfFloat[] v12 = context.mmaLoadB(values, 16, at + 10 * RIGHT_BYTES);
        HalfFloat[] v13 = context.mmaLoadB(values, 16, at + 11 * RIGHT_BYTES);
        float[] o10 = context.mma(w1, v10, o00, MMAShape.M16N8K16);
        float[] o11 = context.mma(w1, v11, o01, MMAShape.M16N8K16);
        float[] o12 = context.mma(w1, v12, o02, MMAShape.M16N8K16);
        float[] o13 = context.mma(w1, v13, o03, MMAShape.M16N8K16);
        // To places of its own, not those of the other half: TornadoVM does not know that anything
        // is stored, and would take what it read before.
        context.mmaStore(o10, toPart, -quad, to, 1);
        context.mmaStore(o11, toPart, -quad, to + 2, 1);
        context.mmaStore(o12, toPart, -quad, to + 4, 1);
        context.mmaStore(o13, toPart, -quad, to + 6, 1);
        for (int t = 0; t < ROWS * OWN; t++) {
          int own = half * ROWS * OWN + t;
          results[own] = results[own] * factor[t / OWN] + part[HEADER + own];
        }
      }
      stage = 1 - stage;
    }
    context.localBarrier();
    for (int row = 0; row < ROWS; row++) {
      lanes[lanesAt + 8 * QUAD * row + lane % QUAD] = rowSum[row];
    }
    context.localBarrier();
    int width = ints.get(Header.VALUE_DEPTH);
    for (int row = 0; row < ROWS; row++) {
      int place = Places.query(ints, b, h, first + 8 * row);
      float sum = 0;
      for (int t = 0; t < QUAD; t++) {
        sum += lanes[lanesAt + 8 * QUAD * row + t];
      }
      boolean empty = SoftmaxStep.empty(sum);
      if (place >= 0) {
        int at = ints.get(Header.RESULT_OUT_AT) + place * width;
        for (int t = 0; t < 2 * OWN; t++) {
          int c = t / 2 * 8 + column + t % 2;
          float result = results[t / OWN * ROWS * OWN + row * OWN + t % OWN];
          if (c < width) {
            out.set(at + c, empty ? 0 : result / sum);
          }
        }
        if (lane % QUAD == 0) {
          float lse = empty ? Float.NEGATIVE_INFINITY : rowMax[row] + TornadoMath.log(sum);
          out.set(ints.get(Header.RESULT_LSE_AT) + place, lse);
        }
      }
    }
  }
}
