package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.EACH;
import static dev.assay.accelerated.device.Tiles.EDGE;
import static dev.assay.accelerated.device.Tiles.OWN;
import static dev.assay.accelerated.device.Tiles.SIDE;

import dev.assay.accelerated.device.Header;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * {@code dbias_ij = sum ds_ij} over the batch entries and heads that share a bias with a number for
 * each pair. A work-group owns 32 queries of a plane of the bias, and a work-item adds to its own
 * pairs alone, so there are no atomics and the order of sums is fixed.
 */
final class BiasGradientKernel {
  private BiasGradientKernel() {}

  /** Groups: query tile, plane of the bias. */
  static void run(KernelContext context, IntArray ints, FloatArray in, FloatArray out) {
    float[] p = new float[OWN];
    float[] ds = new float[OWN];
    float[] scores = new float[OWN];
    int tile = context.groupIdx;
    int plane = context.groupIdy;
    int biasHeads = ints.get(Header.BIAS_HEADS);
    int ownB = plane / biasHeads;
    int ownH = plane % biasHeads;
    clear(context, ints, out, ownB, ownH, tile);
    boolean allB = ints.get(Header.BIAS_BATCHES) == 1;
    boolean allH = biasHeads == 1;
    int endB = allB ? ints.get(Header.BATCHES) : ownB + 1;
    int endH = allH ? ints.get(Header.HEADS) : ownH + 1;
    for (int b = allB ? 0 : ownB; b < endB; b++) {
      for (int h = allH ? 0 : ownH; h < endH; h++) {
        int pointer = Places.rowPointer(ints, b, h, tile);
        int end = ints.get(pointer + 1);
        for (int e = ints.get(pointer); e < end; e++) {
          int keyTile = ints.get(ints.get(Header.COLUMNS_AT) + e);
          int bitsAt = ints.get(ints.get(Header.ROW_BITS_AT) + e);
          Dots.scores(context, ints, in, b, h, tile, keyTile, scores);
          Logits.of(context, ints, in, b, h, tile, keyTile, bitsAt, scores, p);
          Dots.values(context, ints, in, b, h, tile, keyTile, ds);
          int kept = Dropout.kept(context, ints, in, b, h, tile, keyTile);
          LogitGradients.of(context, ints, in, out, b, h, tile, kept, p, ds);
          add(context, ints, out, ownB, ownH, tile, keyTile, ds);
        }
      }
    }
  }

  /** Where a pair's gradient is: as in the bias, but among the results. */
  private static int place(IntArray ints, int b, int h, int i, int j) {
    int at = Places.pair(ints, Header.BIAS, b, h, i, j) - ints.get(Header.BIAS);
    return ints.get(Header.D_BIAS_AT) + at;
  }

  private static void clear(
      KernelContext context, IntArray ints, FloatArray out, int b, int h, int tile) {
    int x = context.localIdx;
    int y = context.localIdy;
    for (int a = 0; a < EACH; a++) {
      int i = tile * EDGE + y + SIDE * a;
      if (i < ints.get(Header.QUERIES)) {
        for (int j = x; j < ints.get(Header.KEYS); j += SIDE) {
          out.set(place(ints, b, h, i, j), 0);
        }
      }
    }
  }

  private static void add(
      KernelContext context,
      IntArray ints,
      FloatArray out,
      int b,
      int h,
      int tile,
      int keyTile,
      float[] ds) {
    int x = context.localIdx;
    int y = context.localIdy;
    for (int own = 0; own < OWN; own++) {
      int i = tile * EDGE + y + SIDE * (own / EACH);
      int j = keyTile * EDGE + x + SIDE * (own % EACH);
      if (i < ints.get(Header.QUERIES) && j < ints.get(Header.KEYS)) {
        int at = place(ints, b, h, i, j);
        out.set(at, out.get(at) + ds[own]);
      }
    }
  }
}
