package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.EACH;
import static dev.assay.accelerated.device.Tiles.EDGE;
import static dev.assay.accelerated.device.Tiles.OWN;
import static dev.assay.accelerated.device.Tiles.SIDE;

import dev.assay.accelerated.device.Header;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** A given dropout mask: kept pairs weigh 1 / (1 - rate), dropped ones are passed over. */
final class Dropout {
  private static final int ALL = 0xFFFF;

  private Dropout() {}

  /** A bit for each of this work-item's pairs, query-major: whether it is kept. */
  static int kept(
      KernelContext context,
      IntArray ints,
      FloatArray in,
      int b,
      int h,
      int queryTile,
      int keyTile) {
    int x = context.localIdx;
    int y = context.localIdy;
    int kept = ALL;
    if (ints.get(Header.KEEP) >= 0) {
      int count = ints.get(Header.OWN);
      kept = 0;
      for (int own = 0; own < count; own++) {
        int i = queryTile * EDGE + y + SIDE * (own / EACH);
        int j = keyTile * EDGE + x + SIDE * (own % EACH);
        if (i < ints.get(Header.QUERIES) && j < ints.get(Header.KEYS)) {
          boolean keep = in.get(Places.pair(ints, Header.KEEP, b, h, i, j)) != 0;
          kept |= keep ? 1 << own : 0;
        }
      }
    }
    return kept;
  }

  /** Multiplies this work-item's probabilities by what kept pairs weigh, 1 without dropout. */
  static void weigh(IntArray ints, FloatArray in, float[] p) {
    float factor = in.get(ints.get(Header.KEPT_FACTOR_AT));
    for (int own = 0; own < OWN; own++) {
      p[own] *= factor;
    }
  }
}
