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
 * {@code dq_i = scale sum_j slope_ij ds_ij k_j}: a work-group owns 32 queries of a head and 64
 * channels of their gradient, and walks the tiles of keys that they meet. Nobody else writes there,
 * so there are no atomics and the order of sums is fixed.
 */
final class QueryGradientKernel {
  private QueryGradientKernel() {}

  /** Groups: query tile, batch entry and head, slab of channels. */
  static void run(KernelContext context, IntArray ints, FloatArray in, FloatArray out) {
    float[] p = new float[OWN];
    float[] ds = new float[OWN];
    float[] scores = new float[OWN];
    float[] results = new float[RESULTS];
    float[] rowSum = new float[EACH];
    int tile = context.groupIdx;
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
    int end = ints.get(pointer + 1);
    for (int e = ints.get(pointer); e < end; e++) {
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
    finish(context, ints, out, b, h, tile, rowSum, results);
  }

  private static void finish(
      KernelContext context,
      IntArray ints,
      FloatArray out,
      int b,
      int h,
      int tile,
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
      Slabs.store(context, out, ints.get(Header.DQ_AT), row, ints.get(Header.DEPTH), a, results);
      if (x == 0 && slab == 0 && row >= 0) {
        float sum = 0;
        for (int lane = 0; lane < SIDE; lane++) {
          sum += lanes[r * SIDE + lane];
        }
        out.set(ints.get(Header.QUERY_SUMS_AT) + row, sum);
      }
    }
  }
}
