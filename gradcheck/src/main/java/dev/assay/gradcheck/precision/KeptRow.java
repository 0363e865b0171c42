package dev.assay.gradcheck.precision;

import dev.assay.tensor.Tensor;
import java.util.Arrays;

/**
 * The entries of a row that count: kept, and not -inf.
 *
 * @param places their positions in the tensor
 * @param logits what stands there
 */
record KeptRow(int[] places, double[] logits) {
  static KeptRow of(Tensor s, Tensor keep, int start, int width) {
    int[] places = new int[width];
    double[] logits = new double[width];
    int count = 0;
    for (int p = start; p < start + width; p++) {
      if (keep.get(p) != 0 && s.get(p) != Double.NEGATIVE_INFINITY) {
        places[count] = p;
        logits[count++] = s.get(p);
      }
    }
    return new KeptRow(Arrays.copyOf(places, count), Arrays.copyOf(logits, count));
  }

  int count() {
    return places.length;
  }

  /** The largest; NaN if one of them is, -inf for none. */
  double max() {
    return max(0, count());
  }

  /** The largest from one entry to before another. */
  double max(int from, int to) {
    double max = Double.NEGATIVE_INFINITY;
    for (int e = from; e < to; e++) {
      max = Math.max(max, logits[e]);
    }
    return max;
  }
}
