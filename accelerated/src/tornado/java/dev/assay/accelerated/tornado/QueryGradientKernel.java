package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.EACH;
import static dev.assay.accelerated.device.Tiles.EDGE;
import static dev.assay.accelerated.device.Tiles.OWN;
import static dev.assay.accelerated.device.Tiles.RESULTS;
import static dev.assay.accelerated.device.Tiles.SIDE;

import dev.assay.accelerated.device.Header;
import dev.assay.accelerated.device.Parts;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * {@code dq_i = scale sum_j slope_ij ds_ij k_j}: a work-group owns 32 queries of a head and 64
 * channels of their gradient, and walks the tiles of keys that they meet, or a part of them. Nobody
 * else writes there, so there are no atomics and the order of sums is fixed.
 */
final class QueryGradientKernel {
  private QueryGradientKernel() {}

  /**
   * Groups: query tile, batch entry and head, slab of channels.
   *
   * @param inParts 1 if a group has a {@linkplain Parts part} of a tile's list, 0 if all of it; a
   *     kernel is compiled for each
   */
  static void run(
      KernelContext context, IntArray ints, FloatArray in, FloatArray out, int inParts) {
    int tile = context.groupIdx;
    int from = 0;
    int to = Integer.MAX_VALUE;
    int slot = -1;
    if (inParts == 1) {
      int part = Places.part(ints, Header.QUERY_PARTS_AT, context.groupIdy, context.groupIdx);
      tile = ints.get(part);
      from = ints.get(part + Parts.FROM);
      to = ints.get(part + Parts.TO);
      slot = ints.get(part + Parts.SLOT);
    }
    float[] p = new float[OWN];
    float[] ds = new float[OWN];
    float[] scores = new float[OWN];
    float[] results = new float[RESULTS];
    float[] rowSum = new float[EACH];
    int plane = context.groupIdy;
    int b = plane / ints.get(Header.HEADS);
    int h = plane % ints.get(Header.HEADS);
    int pointer = Places.rowPointer(ints, b, h, tile);
    for (int a = 0; a < EACH; a++) {
      rowSum[a] = 0;
    }
    Slabs.clear(results);
    int kAt = ints.get(Header.K_AT);
    int depth = ints.get(Header.DEPTH);
    int end = Places.partEnd(ints, pointer, to);
    for (int e = ints.get(pointer) + from; e < end; e++) {
      int keyTile = ints.get(ints.get(Header.COLUMNS_AT) + e);
      int bitsAt = ints.get(ints.get(Header.ROW_BITS_AT) + e);
      Dots.scores(context, ints, in, b, h, tile, keyTile, scores);
      Logits.of(context, ints, in, b, h, tile, keyTile, bitsAt, scores, p);
      Dots.values(context, ints, in, b, h, tile, keyTile, ds);
      int kept = Dropout.kept(context, ints, in, b, h, tile, keyTile);
      int counts = LogitGradients.of(context, ints, in, out, b, h, tile, kept, p, ds);
      for (int own = 0; own < OWN; own++) {
        rowSum[own / EACH] += ds[own];
      }
      LogitGradients.toScores(ints, in, ds, scores);
      Sums.overKeys(context, ints, in, b, h, keyTile, kAt, depth, ds, counts, results);
    }
    finish(context, ints, out, b, h, tile, slot, rowSum, results);
  }

  private static void finish(
      KernelContext context,
      IntArray ints,
      FloatArray out,
      int b,
      int h,
      int tile,
      int slot,
      float[] rowSum,
      float[] results) {
    float[] lanes = context.allocateFloatLocalArray(EDGE * SIDE);
    int x = context.localIdx;
    int y = context.localIdy;
    int slab = context.groupIdz;
    int dqAt = ints.get(slot < 0 ? Header.DQ_AT : Header.DQ_PARTS_AT);
    int sumsAt = ints.get(slot < 0 ? Header.QUERY_SUMS_AT : Header.QUERY_SUM_PARTS_AT);
    for (int a = 0; a < EACH; a++) {
      lanes[(y + SIDE * a) * SIDE + x] = rowSum[a];
    }
    context.localBarrier();
    for (int a = 0; a < EACH; a++) {
      int r = y + SIDE * a;
      int row = Places.query(ints, b, h, tile * EDGE + r);
      if (slot >= 0) {
        row = slot * EDGE + r;
      }
      Slabs.store(context, out, dqAt, row, ints.get(Header.DEPTH), a, results);
      if (x == 0 && slab == 0 && row >= 0) {
        float sum = 0;
        for (int lane = 0; lane < SIDE; lane++) {
          sum += lanes[r * SIDE + lane];
        }
        out.set(sumsAt + row, sum);
      }
    }
  }
}
