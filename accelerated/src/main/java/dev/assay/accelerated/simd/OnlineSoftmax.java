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
  private final float[] shifts = new float[EDGE];
  private final float[] factors = new float[EDGE];
  private final float[] tileSums = new float[EDGE];

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
   * @param columns columns, a multiple of {@link Matrix#PAIR}
   * @param results a column for each query
   */
  void absorb(Matrix s, int keys, int columns, Matrix results) {
    for (int c = 0; c < columns; c += Matrix.PAIR) {
      findTops(s.values(), c, keys);
    }
    for (int c = 0; c < columns; c += LANES) {
      FloatVector limit = FloatVector.fromArray(SPECIES, maxima, c).add(SLACK);
      if (FloatVector.fromArray(SPECIES, tops, c).compare(VectorOperators.GT, limit).anyTrue()) {
        raise(c, results);
      }
      FloatVector max = FloatVector.fromArray(SPECIES, maxima, c);
      // Before a row has met a kept pair, -inf minus -inf would be NaN.
      FloatVector shift = max.blend(0, max.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
      shift.intoArray(shifts, c);
    }
    Arrays.fill(tileSums, 0);
    for (int j = 0; j < keys; j++) {
      exponentiate(s.values(), j * EDGE, columns);
    }
    for (int c = 0; c < columns; c += LANES) {
      FloatVector sum = FloatVector.fromArray(SPECIES, tileSums, c);
      FloatVector.fromArray(SPECIES, sums, c).add(sum).intoArray(sums, c);
    }
  }

  /**
   * The maxima of two vectors' columns, leaving out NaN: the sums carry it. They go through memory:
   * a method that returns a vector and is not inlined returns an object.
   */
  private void findTops(float[] s, int column, int keys) {
    FloatVector left = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    FloatVector right = left;
    for (int j = 0; j < keys; j++) {
      FloatVector first = FloatVector.fromArray(SPECIES, s, j * EDGE + column);
      FloatVector second = FloatVector.fromArray(SPECIES, s, j * EDGE + column + LANES);
      left = left.blend(first, first.compare(VectorOperators.GT, left));
      right = right.blend(second, second.compare(VectorOperators.GT, right));
    }
    left.intoArray(tops, column);
    right.intoArray(tops, column + LANES);
  }

  /** A key's row of the tile; sums lie in memory, where the next key finds them ready. */
  private void exponentiate(float[] s, int row, int columns) {
    for (int c = 0; c < columns; c += LANES) {
      FloatVector shift = FloatVector.fromArray(SPECIES, shifts, c);
      FloatVector p =
          Exp2.of(FloatVector.fromArray(SPECIES, s, row + c).sub(shift).mul((float) Exp2.LOG2_E));
      p.intoArray(s, row + c);
      FloatVector.fromArray(SPECIES, tileSums, c).add(p).intoArray(tileSums, c);
    }
  }

  private void raise(int column, Matrix results) {
    for (int r = column; r < column + LANES; r++) {
      factors[r] = 1;
      float newMax = tops[r];
      if (newMax > maxima[r] + SLACK) {
        if (maxima[r] != Float.NEGATIVE_INFINITY) {
          // Not 0, so that an infinite result stays infinite.
          factors[r] = Math.max((float) StrictMath.exp(maxima[r] - newMax), Float.MIN_NORMAL);
          sums[r] *= factors[r];
        }
        maxima[r] = newMax;
      }
    }
    FloatVector factor = FloatVector.fromArray(SPECIES, factors, column);
    for (int at = column; at < results.values().length; at += EDGE) {
      FloatVector.fromArray(SPECIES, results.values(), at)
          .mul(factor)
          .intoArray(results.values(), at);
    }
  }

  /**
   * Divides the results by the row sums; those of an empty row are zeros and stay so.
   *
   * @param results a column for each query
   * @param channels rows
   */
  void divideBySums(Matrix results, int channels) {
    for (int c = 0; c < EDGE; c += LANES) {
      FloatVector sum = FloatVector.fromArray(SPECIES, sums, c);
      FloatVector divisor = sum.blend(1, sum.compare(VectorOperators.EQ, 0));
      for (int at = c; at < channels * EDGE; at += EDGE) {
        FloatVector.fromArray(SPECIES, results.values(), at)
            .div(divisor)
            .intoArray(results.values(), at);
      }
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
