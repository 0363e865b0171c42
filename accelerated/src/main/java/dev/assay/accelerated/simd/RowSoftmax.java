package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link OnlineSoftmax} for one query: its maximum, its sum of exponentials and its output before
 * the division, as keys arrive in chunks.
 */
final class RowSoftmax {
  private static final float SLACK = 5.5f;

  private final float[] lanes = new float[LANES];
  private float max;
  private float sum;
  private float[] out = new float[0];
  private int outAt;
  private int channels;

  /** Begins a new row whose output, zeros now, is gathered from {@code outAt} on. */
  void reset(float[] array, int at, int width) {
    max = Float.NEGATIVE_INFINITY;
    sum = 0;
    out = array;
    outAt = at;
    channels = width;
  }

  /**
   * Replaces logits by {@code e^(s - max)} and adds them to the sum.
   *
   * @param s the logits of the chunk, with room for a multiple of the lanes
   */
  void absorb(float[] s, int count) {
    int padded = PairLogits.padded(count);
    for (int e = count; e < padded; e++) {
      s[e] = Float.NEGATIVE_INFINITY;
    }
    float top = top(s, padded);
    if (top > max + SLACK) {
      raise(top);
    }
    float shift = max == Float.NEGATIVE_INFINITY ? 0 : max;
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int e = 0; e < padded; e += LANES) {
      FloatVector logits = FloatVector.fromArray(SPECIES, s, e);
      FloatVector p = Exp2.of(logits.sub(shift).mul((float) Exp2.LOG2_E));
      p.intoArray(s, e);
      sums = sums.add(p);
    }
    sums.intoArray(lanes, 0);
    float chunk = 0;
    for (float lane : lanes) {
      chunk += lane;
    }
    sum += chunk;
  }

  /** The maximum, leaving out NaN: the sum carries it. */
  private float top(float[] s, int padded) {
    FloatVector tops = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int e = 0; e < padded; e += LANES) {
      FloatVector logits = FloatVector.fromArray(SPECIES, s, e);
      tops = tops.blend(logits, logits.compare(VectorOperators.GT, tops));
    }
    tops.intoArray(lanes, 0);
    float top = Float.NEGATIVE_INFINITY;
    for (float lane : lanes) {
      top = Math.max(top, lane);
    }
    return top;
  }

  private void raise(float top) {
    if (max != Float.NEGATIVE_INFINITY) {
      // Not 0, so that an infinite result stays infinite.
      float factor = Math.max((float) StrictMath.exp(max - top), Float.MIN_NORMAL);
      sum *= factor;
      for (int c = outAt; c < outAt + channels; c++) {
        out[c] *= factor;
      }
    }
    max = top;
  }

  /** Adds the values of the chunk, each times its weight. */
  void addValues(float[] weights, float[] values, PairChunk chunk) {
    chunk.addInfinities(weights, values, chunk.valueAt(), channels, out, outAt);
    RowDots.add(weights, values, chunk.valueAt(), chunk.count(), channels, out, outAt);
  }

  /** The maximum that was subtracted last: -inf before the first key. */
  float max() {
    return max;
  }

  /** The sum of exponentials: 0 for an empty row. */
  float sum() {
    return sum;
  }
}
