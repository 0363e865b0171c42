package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.AREA;
import static dev.assay.accelerated.device.Tiles.EACH;
import static dev.assay.accelerated.device.Tiles.EDGE;
import static dev.assay.accelerated.device.Tiles.PITCH;
import static dev.assay.accelerated.device.Tiles.SIDE;
import static dev.assay.accelerated.device.Tiles.SLAB;
import static dev.assay.accelerated.device.Tiles.SLAB_AREA;
import static dev.assay.accelerated.device.Tiles.SLAB_PITCH;
import static dev.assay.accelerated.device.Tiles.WIDE;

import dev.assay.accelerated.device.Header;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Weighted sums of rows: over the keys of a tile for each of its queries, or over the queries for
 * each of its keys. A pair that does not count is passed over and not multiplied by 0, for its row
 * may hold NaN.
 */
final class Sums {
  private Sums() {}

  /**
   * {@code result_i += sum_j w_ij y_j} over the keys j of a tile: this work-item's 4 queries and 8
   * channels. Waits before it touches local memory.
   *
   * @param at where rows shaped like k or v begin
   * @param width their channels
   * @param weights this work-item's 4 x 4 weights, query-major
   * @param counts a bit for each of them: whether the pair counts
   */
  static void overKeys(
      KernelContext context,
      IntArray ints,
      FloatArray in,
      int b,
      int h,
      int keyTile,
      int at,
      int width,
      float[] weights,
      int counts,
      float[] results) {
    float[] tile = context.allocateFloatLocalArray(AREA);
    int[] flags = context.allocateIntLocalArray(EDGE * SIDE);
    float[] slab = context.allocateFloatLocalArray(SLAB_AREA);
    int x = context.localIdx;
    int y = context.localIdy;
    int first = context.groupIdz * SLAB;
    int edge = ints.get(Header.EDGE);
    int channels = ints.get(Header.SLAB);
    int kvHead = Places.kvHead(ints, h);
    context.localBarrier();
    for (int a = 0; a < EACH; a++) {
      int i = y + SIDE * a;
      flags[i * SIDE + x] = counts >>> (EACH * a);
      for (int t = 0; t < EACH; t++) {
        tile[i * PITCH + x + SIDE * t] = weights[a * EACH + t];
      }
    }
    for (int j = y; j < edge; j += SIDE) {
      int row = Places.key(ints, b, kvHead, keyTile * EDGE + j);
      for (int c = x; c < channels; c += SIDE) {
        slab[j * SLAB_PITCH + c] = Slabs.channel(in, at, row, width, first + c);
      }
    }
    context.localBarrier();
    for (int j = 0; j < edge; j++) {
      for (int a = 0; a < EACH; a++) {
        int i = y + SIDE * a;
        float weight = tile[i * PITCH + j];
        if ((flags[i * SIDE + j % SIDE] >>> (j / SIDE) & 1) != 0) {
          for (int t = 0; t < WIDE; t++) {
            results[a * WIDE + t] += weight * slab[j * SLAB_PITCH + x + SIDE * t];
          }
        }
      }
    }
  }

  /**
   * {@code result_j += sum_i w_ij x_i} over the queries i of a tile: this work-item's 4 keys and 8
   * channels. Waits before it touches local memory.
   *
   * @param at where rows shaped like q or dOut begin
   * @param width their channels
   * @param weights this work-item's 4 x 4 weights, query-major
   * @param counts a bit for each of them: whether the pair counts
   */
  static void overQueries(
      KernelContext context,
      IntArray ints,
      FloatArray in,
      int b,
      int h,
      int queryTile,
      int at,
      int width,
      float[] weights,
      int counts,
      float[] results) {
    float[] tile = context.allocateFloatLocalArray(AREA);
    int[] flags = context.allocateIntLocalArray(EDGE * SIDE);
    float[] slab = context.allocateFloatLocalArray(SLAB_AREA);
    int x = context.localIdx;
    int y = context.localIdy;
    int first = context.groupIdz * SLAB;
    int edge = ints.get(Header.EDGE);
    int channels = ints.get(Header.SLAB);
    context.localBarrier();
    for (int a = 0; a < EACH; a++) {
      int i = y + SIDE * a;
      flags[i * SIDE + x] = counts >>> (EACH * a);
      for (int t = 0; t < EACH; t++) {
        tile[i * PITCH + x + SIDE * t] = weights[a * EACH + t];
      }
    }
    for (int i = y; i < edge; i += SIDE) {
      int row = Places.query(ints, b, h, queryTile * EDGE + i);
      for (int c = x; c < channels; c += SIDE) {
        slab[i * SLAB_PITCH + c] = Slabs.channel(in, at, row, width, first + c);
      }
    }
    context.localBarrier();
    for (int i = 0; i < edge; i++) {
      for (int a = 0; a < EACH; a++) {
        float weight = tile[i * PITCH + y + SIDE * a];
        if ((flags[i * SIDE + y] >>> a & 1) != 0) {
          for (int t = 0; t < WIDE; t++) {
            results[a * WIDE + t] += weight * slab[i * SLAB_PITCH + x + SIDE * t];
          }
        }
      }
    }
  }
}
