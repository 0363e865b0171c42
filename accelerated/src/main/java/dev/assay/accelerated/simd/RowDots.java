package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.LaneSums.FOUR;
import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * One row against many that lie wherever they like: dot products, and sums of rows with weights.
 * For few queries and for lists of keys, where there are no tiles to multiply. The bits depend on
 * the vector width alone.
 *
 * <p>Both methods are long on purpose: the compiler leaves a method of that size by itself. Where
 * it put shorter ones into a caller that had grown large, it left vector operations uninlined in
 * some JVMs, and decoding took three times as long in about one of four.
 */
final class RowDots {
  private final float[] folded = new float[FOUR * LANES];
  private final float[] last = new float[LANES];

  /**
   * {@code result_e = x . row_e} for the rows that begin at {@code at[0]} to {@code at[count-1]}.
   */
  void dots(float[] x, float[] rows, int[] at, int count, int width, float[] result) {
    int whole = width - width % LANES;
    for (int from = 0; from < count; from += LANES) {
      int left = Math.min(LANES, count - from);
      for (int e = 0; e < LANES; e += FOUR) {
        // Behind the last row it is read again: what comes of that is not kept.
        int end = count - 1;
        int a = at[Math.min(from + e, end)];
        int b = at[Math.min(from + e + 1, end)];
        int c = at[Math.min(from + e + 2, end)];
        int d = at[Math.min(from + e + 3, end)];
        FloatVector ofA = FloatVector.zero(SPECIES);
        FloatVector ofB = ofA;
        FloatVector ofC = ofA;
        FloatVector ofD = ofA;
        for (int i = 0; i < whole; i += LANES) {
          FloatVector some = vector(x, i);
          ofA = some.fma(vector(rows, a + i), ofA);
          ofB = some.fma(vector(rows, b + i), ofB);
          ofC = some.fma(vector(rows, c + i), ofC);
          ofD = some.fma(vector(rows, d + i), ofD);
        }
        LaneSums.fold(ofA, ofB, ofC, ofD).intoArray(folded, e / FOUR * LANES);
      }
      if (left == LANES) {
        LaneSums.of(folded).intoArray(result, from);
      } else {
        LaneSums.of(folded).intoArray(last, 0);
        System.arraycopy(last, 0, result, from, left);
      }
    }
    for (int c = whole; c < width; c++) {
      for (int e = 0; e < count; e++) {
        result[e] += x[c] * rows[at[e] + c];
      }
    }
  }

  /** {@code sum_c += sum_e weight_e row_ec}, the rows in their order. */
  static void add(
      float[] weights, float[] rows, int[] at, int count, int width, float[] sum, int sumAt) {
    int c = 0;
    for (; c + 4 * LANES <= width; c += 4 * LANES) {
      FloatVector s0 = vector(sum, sumAt + c);
      FloatVector s1 = vector(sum, sumAt + c + LANES);
      FloatVector s2 = vector(sum, sumAt + c + 2 * LANES);
      FloatVector s3 = vector(sum, sumAt + c + 3 * LANES);
      for (int e = 0; e < count; e++) {
        FloatVector weight = FloatVector.broadcast(SPECIES, weights[e]);
        int from = at[e] + c;
        s0 = weight.fma(vector(rows, from), s0);
        s1 = weight.fma(vector(rows, from + LANES), s1);
        s2 = weight.fma(vector(rows, from + 2 * LANES), s2);
        s3 = weight.fma(vector(rows, from + 3 * LANES), s3);
      }
      s0.intoArray(sum, sumAt + c);
      s1.intoArray(sum, sumAt + c + LANES);
      s2.intoArray(sum, sumAt + c + 2 * LANES);
      s3.intoArray(sum, sumAt + c + 3 * LANES);
    }
    for (; c + LANES <= width; c += LANES) {
      FloatVector s = FloatVector.fromArray(SPECIES, sum, sumAt + c);
      for (int e = 0; e < count; e++) {
        s = FloatVector.broadcast(SPECIES, weights[e]).fma(vector(rows, at[e] + c), s);
      }
      s.intoArray(sum, sumAt + c);
    }
    for (; c < width; c++) {
      float s = sum[sumAt + c];
      for (int e = 0; e < count; e++) {
        s = Math.fma(weights[e], rows[at[e] + c], s);
      }
      sum[sumAt + c] = s;
    }
  }

  private static FloatVector vector(float[] values, int at) {
    return FloatVector.fromArray(SPECIES, values, at);
  }
}
