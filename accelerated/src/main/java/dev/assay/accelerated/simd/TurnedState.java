package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import jdk.incubator.vector.FloatVector;

/**
 * A state of a recurrence, transposed: a row of d numbers for each channel of v. So nearly all sums
 * of the backward run over rows and none of these crosses lanes; only {@link #dots} does.
 */
final class TurnedState {
  private final RowDots dots = new RowDots();
  private final int[] at;
  private final int[] some = new int[EDGE];
  private final float[] found = new float[EDGE];
  private final int width;

  TurnedState(int channels, int depth) {
    this.at = new int[channels];
    this.width = depth;
    for (int c = 0; c < channels; c++) {
      at[c] = c * depth;
    }
  }

  /** A state of zeros. */
  float[] zeros() {
    return new float[at.length * width];
  }

  /** {@code result_c = sum_r S_cr x_r}. */
  void dots(float[] state, float[] x, float[] result) {
    for (int from = 0; from < at.length; from += EDGE) {
      int count = Math.min(EDGE, at.length - from);
      System.arraycopy(at, from, some, 0, count);
      dots.dots(x, state, some, count, width, found);
      System.arraycopy(found, 0, result, from, count);
    }
  }

  /** {@code sum_r += sum_c weight_c S_cr}. */
  void addRows(float[] state, float[] weights, float[] sum) {
    RowDots.add(weights, state, at, at.length, width, sum, 0);
  }

  /** {@code S_cr += weight_c x_r}. */
  void addOuter(float[] state, float[] weights, float[] x) {
    for (int c = 0; c < at.length; c++) {
      float weight = weights[c];
      int row = at[c];
      int r = 0;
      for (; r + LANES <= width; r += LANES) {
        FloatVector.broadcast(SPECIES, weight)
            .fma(vector(x, r), vector(state, row + r))
            .intoArray(state, row + r);
      }
      for (; r < width; r++) {
        state[row + r] = Math.fma(weight, x[r], state[row + r]);
      }
    }
  }

  /** {@code S_cr = S_cr a_r}, a from a position of an array on. */
  void decay(float[] state, float[] a, int from) {
    for (int row : at) {
      int r = 0;
      for (; r + LANES <= width; r += LANES) {
        vector(state, row + r).mul(vector(a, from + r)).intoArray(state, row + r);
      }
      for (; r < width; r++) {
        state[row + r] *= a[from + r];
      }
    }
  }

  /** {@code sum_r = sum_c S_cr Z_cr}, into a position of an array on. */
  void products(float[] state, float[] other, float[] sum, int into) {
    int r = 0;
    for (; r + LANES <= width; r += LANES) {
      FloatVector s = FloatVector.zero(SPECIES);
      for (int row : at) {
        s = vector(state, row + r).fma(vector(other, row + r), s);
      }
      s.intoArray(sum, into + r);
    }
    for (; r < width; r++) {
      float s = 0;
      for (int row : at) {
        s = Math.fma(state[row + r], other[row + r], s);
      }
      sum[into + r] = s;
    }
  }

  private static FloatVector vector(float[] values, int from) {
    return FloatVector.fromArray(SPECIES, values, from);
  }
}
