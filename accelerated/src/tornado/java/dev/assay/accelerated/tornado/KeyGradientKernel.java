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
 * {@code dv_j = sum_i keep_ij / (1 - rate) p_ij dOut_i} and {@code dk_j = scale sum_i slope_ij
 * ds_ij q_i}: a work-group owns 32 keys of a key head and 64 channels of both gradients, and walks
 * the tiles of queries that they meet, or a part of them, head after head of the group that reads
 * them. Nobody else writes there, so there are no atomics and the order of sums is fixed.
 */
final class KeyGradientKernel {
  private KeyGradientKernel() {}

  /**
   * Groups: key tile, batch entry and key head, slab of channels.
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
      int part = Places.part(ints, Header.KEY_PARTS_AT, context.groupIdy, context.groupIdx);
      tile = ints.get(part);
      from = ints.get(part + Parts.FROM);
      to = ints.get(part + Parts.TO);
      slot = ints.get(part + Parts.SLOT);
    }
    float[] p = new float[OWN];
    float[] ds = new float[OWN];
    float[] scores = new float[OWN];
    float[] dk = new float[RESULTS];
    float[] dv = new float[RESULTS];
    float[] columnSum = new float[EACH];
    int plane = context.groupIdy;
    int b = plane / ints.get(Header.KV_HEADS);
    int kvHead = plane % ints.get(Header.KV_HEADS);
    int group = ints.get(Header.HEADS) / ints.get(Header.KV_HEADS);
    Slabs.clear(dk);
    Slabs.clear(dv);
    int dOutAt = ints.get(Header.D_OUT_AT);
    int width = ints.get(Header.VALUE_DEPTH);
    int qAt = ints.get(Header.Q_AT);
    int depth = ints.get(Header.DEPTH);
    for (int h = kvHead * group; h < (kvHead + 1) * group; h++) {
      for (int t = 0; t < EACH; t++) {
        columnSum[t] = 0;
      }
      int pointer = Places.columnPointer(ints, b, h, tile);
      int end = Places.partEnd(ints, pointer, to);
      for (int e = ints.get(pointer) + from; e < end; e++) {
        int queryTile = ints.get(ints.get(Header.QUERY_TILES_AT) + e);
        int bitsAt = ints.get(ints.get(Header.COLUMN_BITS_AT) + e);
        Dots.scores(context, ints, in, b, h, queryTile, tile, scores);
        Logits.of(context, ints, in, b, h, queryTile, tile, bitsAt, scores, p);
        Dots.values(context, ints, in, b, h, queryTile, tile, ds);
        int kept = Dropout.kept(context, ints, in, b, h, queryTile, tile);
        int counts = LogitGradients.of(context, ints, in, out, b, h, queryTile, kept, p, ds);
        for (int own = 0; own < OWN; own++) {
          columnSum[own % EACH] += ds[own];
        }
        LogitGradients.toScores(ints, in, ds, scores);
        int keeps = counts >>> LogitGradients.KEPT;
        Sums.overQueries(context, ints, in, b, h, queryTile, dOutAt, width, p, keeps, dv);
        Sums.overQueries(context, ints, in, b, h, queryTile, qAt, depth, ds, counts, dk);
      }
      columns(context, ints, out, b, h, tile, slot, columnSum);
    }
    finish(context, ints, out, b, kvHead, tile, slot, dk, dv);
  }

  /** Adds the sums of ds over queries across the work-items of each key, and writes them. */
  private static void columns(
      KernelContext context,
      IntArray ints,
      FloatArray out,
      int b,
      int h,
      int tile,
      int slot,
      float[] columnSum) {
    float[] lanes = context.allocateFloatLocalArray(EDGE * SIDE);
    int x = context.localIdx;
    int y = context.localIdy;
    int slab = context.groupIdz;
    context.localBarrier();
    for (int t = 0; t < EACH; t++) {
      lanes[(x + SIDE * t) * SIDE + y] = columnSum[t];
    }
    context.localBarrier();
    for (int t = 0; t < EACH; t++) {
      int j = tile * EDGE + x + SIDE * t;
      if (y == 0 && slab == 0 && (slot >= 0 || j < ints.get(Header.KEYS))) {
        float sum = 0;
        for (int lane = 0; lane < SIDE; lane++) {
          sum += lanes[(x + SIDE * t) * SIDE + lane];
        }
        int at = ints.get(Header.KEY_SUMS_AT);
        int row = (b * ints.get(Header.HEADS) + h) * ints.get(Header.KEYS) + j;
        if (slot >= 0) {
          int group = ints.get(Header.HEADS) / ints.get(Header.KV_HEADS);
          at = ints.get(Header.KEY_SUM_PARTS_AT);
          row = (slot * group + h % group) * EDGE + x + SIDE * t;
        }
        out.set(at + row, sum);
      }
    }
  }

  private static void finish(
      KernelContext context,
      IntArray ints,
      FloatArray out,
      int b,
      int kvHead,
      int tile,
      int slot,
      float[] dk,
      float[] dv) {
    int y = context.localIdy;
    int dkAt = ints.get(slot < 0 ? Header.DK_AT : Header.DK_PARTS_AT);
    int dvAt = ints.get(slot < 0 ? Header.DV_AT : Header.DV_PARTS_AT);
    for (int a = 0; a < EACH; a++) {
      int row = Places.keyPosition(ints, b, kvHead, tile * EDGE + y + SIDE * a);
      if (slot >= 0) {
        row = slot * EDGE + y + SIDE * a;
      }
      Slabs.store(context, out, dkAt, row, ints.get(Header.DEPTH), a, dk);
      Slabs.store(context, out, dvAt, row, ints.get(Header.VALUE_DEPTH), a, dv);
    }
  }
}
