package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.CHUNK;
import static dev.assay.accelerated.device.Tiles.CHUNK_AREA;
import static dev.assay.accelerated.device.Tiles.CHUNK_PITCH;
import static dev.assay.accelerated.device.Tiles.EACH;
import static dev.assay.accelerated.device.Tiles.EDGE;
import static dev.assay.accelerated.device.Tiles.OWN;
import static dev.assay.accelerated.device.Tiles.SIDE;

import dev.assay.accelerated.device.Header;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Products of a tile: {@code s_ij = x_i . y_j} for 32 queries i and 32 keys j.
 *
 * <p>Local memory is allocated in the method that uses it, here and elsewhere: a local array that
 * is handed to another method is addressed wrongly by the compiler. Arrays made with {@code new}
 * belong to one work-item and may be handed on. And a method that is called from another may have
 * 600 nodes of the compiler's, callees included. These two are why some methods are long.
 */
final class Dots {
  private Dots() {}

  /** {@code q_i . k_j}: this work-item's 4 x 4. */
  static void scores(
      KernelContext context,
      IntArray ints,
      FloatArray in,
      int b,
      int h,
      int queryTile,
      int keyTile,
      float[] s) {
    int depth = ints.get(Header.DEPTH);
    int qAt = ints.get(Header.Q_AT);
    int kAt = ints.get(Header.K_AT);
    of(context, ints, in, b, h, queryTile, keyTile, qAt, kAt, depth, s);
  }

  /** {@code dOut_i . v_j}: this work-item's 4 x 4. */
  static void values(
      KernelContext context,
      IntArray ints,
      FloatArray in,
      int b,
      int h,
      int queryTile,
      int keyTile,
      float[] s) {
    int width = ints.get(Header.VALUE_DEPTH);
    int dOutAt = ints.get(Header.D_OUT_AT);
    int vAt = ints.get(Header.V_AT);
    of(context, ints, in, b, h, queryTile, keyTile, dOutAt, vAt, width, s);
  }

  /**
   * This work-item's 4 x 4 products. Waits before it touches local memory.
   *
   * @param xAt where rows shaped like q begin
   * @param yAt where rows shaped like k begin
   * @param width channels, summed in ascending order
   * @param s takes the products, query-major
   */
  private static void of(
      KernelContext context,
      IntArray ints,
      FloatArray in,
      int b,
      int h,
      int queryTile,
      int keyTile,
      int xAt,
      int yAt,
      int width,
      float[] s) {
    float[] left = context.allocateFloatLocalArray(CHUNK_AREA);
    float[] right = context.allocateFloatLocalArray(CHUNK_AREA);
    int[] xRows = context.allocateIntLocalArray(EDGE);
    int[] yRows = context.allocateIntLocalArray(EDGE);
    int x = context.localIdx;
    int y = context.localIdy;
    int item = y * SIDE + x;
    int elements = EDGE * ints.get(Header.CHUNK);
    for (int own = 0; own < OWN; own++) {
      s[own] = 0;
    }
    context.localBarrier();
    if (item < EDGE) {
      xRows[item] = Places.query(ints, b, h, queryTile * EDGE + item);
      yRows[item] = Places.key(ints, b, Places.kvHead(ints, h), keyTile * EDGE + item);
    }
    for (int first = 0; first < width; first += CHUNK) {
      context.localBarrier();
      // Neighbouring work-items read neighbouring channels.
      for (int e = item; e < elements; e += SIDE * SIDE) {
        int r = e / CHUNK;
        int c = e % CHUNK;
        left[r * CHUNK_PITCH + c] = Slabs.channel(in, xAt, xRows[r], width, first + c);
        right[r * CHUNK_PITCH + c] = Slabs.channel(in, yAt, yRows[r], width, first + c);
      }
      context.localBarrier();
      int channels = Math.min(CHUNK, width - first);
      for (int c = 0; c < channels; c++) {
        for (int a = 0; a < EACH; a++) {
          float query = left[(y + SIDE * a) * CHUNK_PITCH + c];
          for (int t = 0; t < EACH; t++) {
            s[a * EACH + t] += query * right[(x + SIDE * t) * CHUNK_PITCH + c];
          }
        }
      }
    }
  }
}
