package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The running maximum and sum of the logits of 64 queries that arrive tile by tile (Milakov and
 * Gimelshein 2018; Dao et al., "FlashAttention", 2022). A tile has a row for each key and a column
 * for each query, so that a vector is as many queries side by side and nothing has to be summed
 * across its lanes.
 *
 * <p>The maximum that is subtracted is allowed to lag: sums and results are rescaled only when a
 * logit exceeds it by more than {@link #SLACK}, which is rare; until then exponentials reach at
 * most e^5.5, far from overflow. A tile's exponentials are added up before they join the others, so
 * that the error of a sum grows with the number of tiles, not of keys.
 */
final class OnlineSoftmax {
  private static final float SLACK = 5.5f;

  private final float[] maxima = new float[EDGE];
  private final float[] sums = new float[EDGE];
  private final float[] tops = new float[EDGE];

  /** Begins 64 new rows. */
  void reset() {
    Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
    Arrays.fill(sums, 0);
  }

  /**
   * Replaces logits by {@code e^(s - rowMax)}, adds them to the row sums, and rescales the results
   * so far where the maximum had to be raised.
   *
   * @param s a row for each key, a column for each query
   * @param keys rows
   * @param columns columns, a multiple of the lanes
   * @param results a row for each query
   */
  void absorb(Matrix s, int keys, int columns, Matrix results) {
    for (int c = 0; c < columns; c += LANES) {
      findTops(s.values(), c, keys);
      FloatVector limit = FloatVector.fromArray(SPECIES, maxima, c).add(SLACK);
      if (FloatVector.fromArray(SPECIES, tops, c).compare(VectorOperators.GT, limit).anyTrue()) {
        raise(c, results);
      }
      exponentiate(s.values(), c, keys);
    }
  }

  /**
   * The maxima of the columns, leaving out NaN: the sums carry it. Even and odd keys apart, so that
   * a comparison need not wait for the one before. They go through memory: a method that returns a
   * vector and is not inlined returns an object.
   */
  private void findTops(float[] s, int column, int keys) {
    FloatVector even = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    FloatVector odd = even;
    int j = 0;
    for (; j + 2 <= keys; j += 2) {
      FloatVector first = FloatVector.fromArray(SPECIES, s, j * EDGE + column);
      FloatVector second = FloatVector.fromArray(SPECIES, s, (j + 1) * EDGE + column);
      even = even.blend(first, first.compare(VectorOperators.GT, even));
      odd = odd.blend(second, second.compare(VectorOperators.GT, odd));
    }
    if (j < keys) {
      FloatVector last = FloatVector.fromArray(SPECIES, s, j * EDGE + column);
      even = even.blend(last, last.compare(VectorOperators.GT, even));
    }
    even.blend(odd, odd.compare(VectorOperators.GT, even)).intoArray(tops, column);
  }

  private void exponentiate(float[] s, int column, int keys) {
    FloatVector max = FloatVector.fromArray(SPECIES, maxima, column);
    // Before a row has met a kept pair, -inf minus -inf would be NaN.
    FloatVector shift = max.blend(0, max.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int j = 0; j < keys; j++) {
      int at = j * EDGE + column;
      FloatVector p =
          Exp2.of(FloatVector.fromArray(SPECIES, s, at).sub(shift).mul((float) Exp2.LOG2_E));
      p.intoArray(s, at);
      sum = sum.add(p);
    }
    FloatVector.fromArray(SPECIES, sums, column).add(sum).intoArray(sums, column);
  }

  private void raise(int column, Matrix results) {
    for (int r = column; r < column + LANES; r++) {
      float newMax = tops[r];
      if (newMax > maxima[r] + SLACK) {
        if (maxima[r] != Float.NEGATIVE_INFINITY) {
          // Not 0, so that an infinite result stays infinite.
          float factor = Math.max((float) StrictMath.exp(maxima[r] - newMax), Float.MIN_NORMAL);
          sums[r] *= factor;
          scale(results.values(), results.row(r), results.rowStride(), factor);
        }
        maxima[r] = newMax;
      }
    }
  }

  private static void scale(float[] values, int from, int count, float factor) {
    for (int c = from; c < from + count; c += LANES) {
      FloatVector.fromArray(SPECIES, values, c).mul(factor).intoArray(values, c);
    }
  }

  /** The row's sum of exponentials: 0 for an empty row. */
  float sum(int r) {
    return sums[r];
  }

  /** The row's natural log-sum-exp; only for rows whose sum is not 0. */
  float lse(int r) {
    return (float) (maxima[r] + Ln.of(sums[r]));
  }
}
