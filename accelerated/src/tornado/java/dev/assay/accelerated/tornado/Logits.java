package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.EACH;
import static dev.assay.accelerated.device.Tiles.EDGE;
import static dev.assay.accelerated.device.Tiles.OWN;
import static dev.assay.accelerated.device.Tiles.SIDE;

import dev.assay.accelerated.device.CapCurve;
import dev.assay.accelerated.device.Header;
import dev.assay.accelerated.device.PairIndex;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * From products to logits: {@code s_ij = cap(scale q_i . k_j) + bias_ij}, and -inf for every pair
 * that is masked, whatever its product is.
 */
final class Logits {
  private Logits() {}

  /**
   * The logits of this work-item's 16 products.
   *
   * @param bitsAt where the listed pairs of the tile stand, a word for each query; negative for all
   * @param products q . k
   * @param s takes the logits
   */
  static void of(
      KernelContext context,
      IntArray ints,
      FloatArray in,
      int b,
      int h,
      int queryTile,
      int keyTile,
      int bitsAt,
      float[] products,
      float[] s) {
    // A copy, because an array with changing indices cannot live in registers.
    float[] staged = new float[OWN];
    for (int own = 0; own < OWN; own++) {
      staged[own] = products[own];
    }
    int x = context.localIdx;
    int y = context.localIdy;
    int count = ints.get(Header.OWN);
    for (int own = 0; own < count; own++) {
      int r = y + SIDE * (own / EACH);
      int i = queryTile * EDGE + r;
      int j = keyTile * EDGE + x + SIDE * (own % EACH);
      float logit = Float.NEGATIVE_INFINITY;
      if (i < ints.get(Header.QUERIES)) {
        int bits = bitsAt >= 0 ? ints.get(bitsAt + r) : -1;
        logit = logit(ints, in, staged[own], b, h, i, j, bits);
      }
      staged[own] = logit;
    }
    for (int own = 0; own < OWN; own++) {
      s[own] = staged[own];
    }
  }

  /**
   * The logit of one pair from its product.
   *
   * @param bits the keys of the tile that the plan lists for query i
   */
  private static float logit(
      IntArray ints, FloatArray in, float dot, int b, int h, int i, int j, int bits) {
    float logit = Float.NEGATIVE_INFINITY;
    int range = b * ints.get(Header.QUERIES) + i;
    int from = ints.get(ints.get(Header.FROM_AT) + range);
    int to = ints.get(ints.get(Header.TO_AT) + range);
    if (PairIndex.listed(j, from, to, bits)) {
      boolean allowed = true;
      if (ints.get(Header.MASK) >= 0) {
        allowed = in.get(Places.pair(ints, Header.MASK, b, h, i, j)) != 0;
      }
      if (allowed) {
        float score = in.get(ints.get(Header.SCALE_AT)) * dot;
        logit = capped(score, in.get(ints.get(Header.CAP_AT)));
        if (ints.get(Header.BIAS) >= 0) {
          float bias = in.get(Places.pair(ints, Header.BIAS, b, h, i, j));
          logit = bias == Float.NEGATIVE_INFINITY ? bias : logit + bias;
        }
      }
    }
    return logit;
  }

  /** The softcap of a scaled product; the product itself if there is none. */
  private static float capped(float score, float cap) {
    float capped = score;
    if (cap > 0) {
      float y = score / cap;
      capped = cap * CapCurve.tanh(y, TornadoMath.exp(CapCurve.exponent(y)));
    }
    return capped;
  }
}
