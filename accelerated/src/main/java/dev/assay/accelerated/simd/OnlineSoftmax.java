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

  private final Matrix results;
  private final int channels;
  private final float[] maxima = new float[EDGE];
  private final float[] sums = new float[EDGE];
  private final float[] tops = new float[EDGE];
  private final float[] shifts = new float[EDGE];
  private final float[] factors = new float[EDGE];

  /**
   * Nothing yet.
   *
   * @param results a column for each query, which is rescaled along
   * @param channels rows of it
   */
  OnlineSoftmax(Matrix results, int channels) {
    this.results = results;
    this.channels = channels;
  }

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
   */
  void absorb(Matrix s, int keys, int columns) {
    for (int c = 0; c < columns; c += Matrix.PAIR) {
      findTops(s.values(), s.offset() + c, keys, c);
    }
    for (int c = 0; c < columns; c += LANES) {
      FloatVector limit = FloatVector.fromArray(SPECIES, maxima, c).add(SLACK);
      if (FloatVector.fromArray(SPECIES, tops, c).compare(VectorOperators.GT, limit).anyTrue()) {
        raise(c);
      }
      FloatVector max = FloatVector.fromArray(SPECIES, maxima, c);
      // Before a row has met a kept pair, -inf minus -inf would be NaN.
      FloatVector shift = max.blend(0, max.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
      shift.intoArray(shifts, c);
    }
    for (int c = 0; c < columns; c += LANES) {
      exponentiate(s.values(), s.offset() + c, keys, c);
    }
  }

  /**
   * The maxima of two vectors' columns, leaving out NaN: the sums carry it. Keys of even and of odd
   * numbers make chains of their own, for a step's latency is longer than the time between two. The
   * maxima go through memory: a method that returns a vector and is not inlined returns an object.
   */
  private void findTops(float[] s, int from, int keys, int column) {
    FloatVector left = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    FloatVector right = left;
    FloatVector oddLeft = left;
    FloatVector oddRight = left;
    int even = keys & -2;
    for (int j = 0; j < even; j += 2) {
      left = larger(left, s, from + j * EDGE);
      right = larger(right, s, from + j * EDGE + LANES);
      oddLeft = larger(oddLeft, s, from + j * EDGE + EDGE);
      oddRight = larger(oddRight, s, from + j * EDGE + EDGE + LANES);
    }
    if (even < keys) {
      left = larger(left, s, from + even * EDGE);
      right = larger(right, s, from + even * EDGE + LANES);
    }
    oddLeft.blend(left, left.compare(VectorOperators.GT, oddLeft)).intoArray(tops, column);
    oddRight
        .blend(right, right.compare(VectorOperators.GT, oddRight))
        .intoArray(tops, column + LANES);
  }

  private static FloatVector larger(FloatVector top, float[] s, int at) {
    FloatVector logits = FloatVector.fromArray(SPECIES, s, at);
    return top.blend(logits, logits.compare(VectorOperators.GT, top));
  }

  /** Turns a vector's columns of the tile into exponentials and adds these to the sums. */
  private void exponentiate(float[] s, int from, int keys, int column) {
    FloatVector shift = FloatVector.fromArray(SPECIES, shifts, column);
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int j = 0; j < keys; j++) {
      int at = from + j * EDGE;
      FloatVector p =
          Exp2.of(FloatVector.fromArray(SPECIES, s, at).sub(shift).mul((float) Exp2.LOG2_E));
      p.intoArray(s, at);
      sum = sum.add(p);
    }
    FloatVector.fromArray(SPECIES, sums, column).add(sum).intoArray(sums, column);
  }

  private void raise(int column) {
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
    for (int channel = 0; channel < channels; channel++) {
      int at = results.row(channel) + column;
      FloatVector.fromArray(SPECIES, results.values(), at)
          .mul(factor)
          .intoArray(results.values(), at);
    }
  }

  /** Divides the results by the row sums; those of an empty row are zeros and stay so. */
  void divideBySums() {
    for (int c = 0; c < EDGE; c += LANES) {
      FloatVector sum = FloatVector.fromArray(SPECIES, sums, c);
      FloatVector divisor = sum.blend(1, sum.compare(VectorOperators.EQ, 0));
      for (int channel = 0; channel < channels; channel++) {
        int at = results.row(channel) + c;
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
