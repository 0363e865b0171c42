package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.EACH;
import static dev.assay.accelerated.device.Tiles.EDGE;
import static dev.assay.accelerated.device.Tiles.OWN;
import static dev.assay.accelerated.device.Tiles.RESULTS;
import static dev.assay.accelerated.device.Tiles.SIDE;

import dev.assay.accelerated.device.Header;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * {@code dv_j = sum_i keep_ij / (1 - rate) p_ij dOut_i} and {@code dk_j = scale sum_i slope_ij
 * ds_ij q_i}: a work-group owns 32 keys of a key head and 64 channels of both gradients, and walks
 * the tiles of queries that they meet, head after head of the group that reads them. Nobody else
 * writes there, so there are no atomics and the order of sums is fixed.
 */
final class KeyGradientKernel {
  private KeyGradientKernel() {}

  /** Groups: key tile, batch entry and key head, slab of channels. */
  static void run(KernelContext context, IntArray ints, FloatArray in, FloatArray out) {
    float[] p = new float[OWN];
    float[] ds = new float[OWN];
    float[] scores = new float[OWN];
    float[] dk = new float[RESULTS];
    float[] dv = new float[RESULTS];
    float[] columnSum = new float[EACH];
    int tile = context.groupIdx;
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
      int end = ints.get(pointer + 1);
      for (int e = ints.get(pointer); e < end; e++) {
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
      columns(context, ints, out, b, h, tile, columnSum);
    }
    finish(context, ints, out, b, kvHead, tile, dk, dv);
  }

  /** Adds the sums of ds over queries across the work-items of each key, and writes them. */
  private static void columns(
      KernelContext context,
      IntArray ints,
      FloatArray out,
      int b,
      int h,
      int tile,
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
      if (y == 0 && slab == 0 && j < ints.get(Header.KEYS)) {
        float sum = 0;
        for (int lane = 0; lane < SIDE; lane++) {
          sum += lanes[(x + SIDE * t) * SIDE + lane];
        }
        int row = (b * ints.get(Header.HEADS) + h) * ints.get(Header.KEYS) + j;
        out.set(ints.get(Header.KEY_SUMS_AT) + row, sum);
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
      float[] dk,
      float[] dv) {
    int y = context.localIdy;
    for (int a = 0; a < EACH; a++) {
      int row = Places.keyPosition(ints, b, kvHead, tile * EDGE + y + SIDE * a);
      Slabs.store(context, out, ints.get(Header.DK_AT), row, ints.get(Header.DEPTH), a, dk);
      Slabs.store(context, out, ints.get(Header.DV_AT), row, ints.get(Header.VALUE_DEPTH), a, dv);
    }
  }
}
