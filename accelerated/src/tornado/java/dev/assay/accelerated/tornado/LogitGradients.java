package dev.assay.accelerated.tornado;

import static dev.assay.accelerated.device.Tiles.EACH;
import static dev.assay.accelerated.device.Tiles.EDGE;
import static dev.assay.accelerated.device.Tiles.OWN;
import static dev.assay.accelerated.device.Tiles.SIDE;

import dev.assay.accelerated.device.CapCurve;
import dev.assay.accelerated.device.Header;
import dev.assay.accelerated.device.SoftmaxStep;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Probabilities and gradients of the logits of a tile, from the LSE (Dao, "FlashAttention-2",
 * 2023):
 *
 * <pre>
 * p_ij = exp(s_ij - L_i)      dp_ij = keep_ij / (1 - rate) dOut_i . v_j      ds_ij = p_ij (dp_ij - delta_i)
 * </pre>
 */
final class LogitGradients {
  /** Where the bits of pairs that are kept begin; those of pairs that are seen begin at 0. */
  static final int KEPT = OWN;

  private LogitGradients() {}

  /**
   * This work-item's 16 pairs.
   *
   * @param kept a bit for each pair that dropout keeps
   * @param p holds logits, takes keep / (1 - rate) p
   * @param ds holds dOut . v, takes ds, 0 for masked pairs
   * @return a bit for each pair that is seen, and from {@link #KEPT} on a bit for each that is seen
   *     and kept
   */
  static int of(
      KernelContext context,
      IntArray ints,
      FloatArray in,
      FloatArray out,
      int b,
      int h,
      int queryTile,
      int kept,
      float[] p,
      float[] ds) {
    float factor = in.get(ints.get(Header.KEPT_FACTOR_AT));
    int y = context.localIdy;
    int seen = 0;
    for (int a = 0; a < EACH; a++) {
      int row = Places.query(ints, b, h, queryTile * EDGE + y + SIDE * a);
      float lse = Float.NEGATIVE_INFINITY;
      float delta = 0;
      if (row >= 0) {
        lse = in.get(ints.get(Header.LSE_AT) + row);
        delta = out.get(ints.get(Header.DELTA_AT) + row);
      }
      for (int t = 0; t < EACH; t++) {
        int own = a * EACH + t;
        boolean sees = SoftmaxStep.seen(p[own]);
        float weight = sees ? TornadoMath.exp(p[own] - lse) : 0;
        float dp = (kept >>> own & 1) != 0 ? factor * ds[own] : 0;
        seen |= sees ? 1 << own : 0;
        p[own] = factor * weight;
        ds[own] = sees ? weight * (dp - delta) : 0;
      }
    }
    return seen | (seen & kept) << KEPT;
  }

  /** Turns ds into gradients of q . k: times the slope of the softcap and the scale. */
  static void toScores(IntArray ints, FloatArray in, float[] ds, float[] scores) {
    float scale = in.get(ints.get(Header.SCALE_AT));
    float cap = in.get(ints.get(Header.CAP_AT));
    for (int own = 0; own < OWN; own++) {
      float slope = 1;
      if (cap > 0) {
        slope = CapCurve.slope(TornadoMath.exp(CapCurve.exponent(scale * scores[own] / cap)));
      }
      ds[own] = scale * (slope * ds[own]);
    }
  }
}
