package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The running maximum and sum of 64 rows of logits that arrive tile by tile (Milakov and Gimelshein
 * 2018; Dao et al., "FlashAttention", 2022), in units of log2.
 *
 * <p>The maximum that is subtracted is allowed to lag: sums and results are rescaled only when a
 * logit exceeds it by more than {@link #SLACK}, which is rare; until then exponentials reach at
 * most 2^8, far from overflow. Sums are kept a lane apart and added in order of lanes at the end.
 */
final class OnlineSoftmax {
  private static final float SLACK = 8;

  private final float[] rowMax = new float[EDGE];
  private final float[] laneSums = new float[EDGE * LANES];

  /** Begins 64 new rows. */
  void reset() {
    Arrays.fill(rowMax, Float.NEGATIVE_INFINITY);
    Arrays.fill(laneSums, 0);
  }

  /**
   * Replaces logits by {@code 2^(s - rowMax)}, adds them to the row sums, and rescales the results
   * so far where the maximum had to be raised.
   */
  void absorb(Tile s, Tile results, int rows) {
    for (int r = 0; r < rows; r++) {
      float tileMax = max(s.values(), r * EDGE);
      if (tileMax > rowMax[r] + SLACK) {
        raise(r, tileMax, results);
      }
      // Before a row has met a kept pair, -inf minus -inf would be NaN.
      float shift = rowMax[r] == Float.NEGATIVE_INFINITY ? 0 : rowMax[r];
      exponentiate(s.values(), r * EDGE, shift, r * LANES);
    }
  }

  /** The maximum of a row of logits, leaving out NaN: the sum carries it. */
  private static float max(float[] s, int from) {
    FloatVector top = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int c = from; c < from + EDGE; c += LANES) {
      FloatVector logits = FloatVector.fromArray(SPECIES, s, c);
      top = top.blend(logits, logits.compare(VectorOperators.GT, top));
    }
    return top.reduceLanes(VectorOperators.MAX);
  }

  private void exponentiate(float[] s, int from, float shift, int sumAt) {
    FloatVector sum = FloatVector.fromArray(SPECIES, laneSums, sumAt);
    for (int c = from; c < from + EDGE; c += LANES) {
      FloatVector p = Exp2.of(FloatVector.fromArray(SPECIES, s, c).sub(shift));
      p.intoArray(s, c);
      sum = sum.add(p);
    }
    sum.intoArray(laneSums, sumAt);
  }

  private void raise(int r, float newMax, Tile results) {
    if (rowMax[r] != Float.NEGATIVE_INFINITY) {
      float factor = (float) StrictMath.exp((rowMax[r] - newMax) * Exp2.LN_2);
      scale(laneSums, r * LANES, LANES, factor);
      scale(results.values(), r * results.stride(), results.stride(), factor);
    }
    rowMax[r] = newMax;
  }

  private static void scale(float[] values, int from, int count, float factor) {
    for (int c = from; c < from + count; c += LANES) {
      FloatVector.fromArray(SPECIES, values, c).mul(factor).intoArray(values, c);
    }
  }

  /** The row's sum of exponentials: 0 for an empty row. */
  double sum(int r) {
    double sum = 0;
    for (int lane = 0; lane < LANES; lane++) {
      sum += laneSums[r * LANES + lane];
    }
    return sum;
  }

  /** The row's natural log-sum-exp: -inf for an empty row. */
  float lse(int r) {
    return (float) (rowMax[r] * Exp2.LN_2 + StrictMath.log(sum(r)));
  }
}
