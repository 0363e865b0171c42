package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * From a tile of logits and of {@code dP}: {@code P = e^(s - lse)} in place of the logits, {@code
 * dS = P (dP - delta)} in place of dP. Where the logit is -inf both are 0, whatever dP holds.
 */
final class LogitGradient {
  private LogitGradient() {}

  /**
   * A tile with a row for each query.
   *
   * @param statistics of all rows
   * @param first query row of the tile's first row
   */
  static void byQuery(Matrix s, Matrix dp, RowStatistics statistics, int first, int rows) {
    for (int r = 0; r < rows; r++) {
      FloatVector lse = FloatVector.broadcast(SPECIES, statistics.lse()[first + r]);
      FloatVector delta = FloatVector.broadcast(SPECIES, statistics.delta()[first + r]);
      for (int c = 0; c < EDGE; c += LANES) {
        step(s.values(), s.row(r) + c, dp.values(), dp.row(r) + c, lse, delta);
      }
    }
  }

  private static void step(
      float[] s, int sAt, float[] dp, int dpAt, FloatVector lse, FloatVector delta) {
    FloatVector logits = FloatVector.fromArray(SPECIES, s, sAt);
    FloatVector exponent = logits.sub(lse);
    // A probability is at most 1, whatever the rounding of large logits makes of it.
    exponent = exponent.blend(0, exponent.compare(VectorOperators.GT, 0));
    FloatVector p = Exp2.of(exponent.mul((float) Exp2.LOG2_E));
    FloatVector ds = p.mul(FloatVector.fromArray(SPECIES, dp, dpAt).sub(delta));
    // Even of a row whose LSE is NaN, masked pairs take no part.
    VectorMask<Float> masked = logits.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY);
    p.blend(0, masked).intoArray(s, sAt);
    ds.blend(0, masked).intoArray(dp, dpAt);
  }

  /** Multiplies dS by the slopes of a softcap; 0 stays 0 where a masked pair's slope is NaN. */
  static void multiplySlopes(Matrix ds, Matrix slopes, int rows) {
    for (int at = 0; at < rows * EDGE; at += LANES) {
      FloatVector g = FloatVector.fromArray(SPECIES, ds.values(), ds.offset() + at);
      g.mul(FloatVector.fromArray(SPECIES, slopes.values(), slopes.offset() + at))
          .blend(0, g.compare(VectorOperators.EQ, 0))
          .intoArray(ds.values(), ds.offset() + at);
    }
  }
}
