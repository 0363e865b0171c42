package dev.assay.op;

import dev.assay.tensor.Tensor;

/**
 * One row of logits with the entries that count: kept, and not -inf.
 *
 * @param keep which entries exist
 * @param logits the logits of all rows
 * @param start position of the row's first entry
 * @param width entries a row
 */
record SoftmaxRow(Tensor keep, Tensor logits, int start, int width) {
  /** Whether entry j of the row counts. */
  boolean counts(int j) {
    return keep.get(start + j) != 0 && logits.get(start + j) != Double.NEGATIVE_INFINITY;
  }

  /** The largest logit that counts; -inf if none does, NaN if one of them is. */
  double max() {
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < width; j++) {
      if (counts(j)) {
        max = Math.max(max, logits.get(start + j));
      }
    }
    return max;
  }

  /** {@code e^(s_j - max)}, or 0 where the entry does not count. */
  double weight(int j, double max) {
    return counts(j) ? StrictMath.exp(logits.get(start + j) - max) : 0;
  }

  /** The sum of the weights, j ascending. */
  double sum(double max) {
    double sum = 0;
    for (int j = 0; j < width; j++) {
      sum += weight(j, max);
    }
    return sum;
  }

  /** {@code sum_j weight_j ds_j} over the entries that count. */
  double slope(Tensor ds, double max) {
    double slope = 0;
    for (int j = 0; j < width; j++) {
      if (counts(j)) {
        slope += weight(j, max) * ds.get(start + j);
      }
    }
    return slope;
  }

  /** 1 where an entry is kept and its logit is not -inf, else 0. */
  static Tensor admissible(Tensor keep, Tensor logits) {
    return Tensor.generate(
        keep.shape(), p -> keep.get(p) != 0 && logits.get(p) != Double.NEGATIVE_INFINITY ? 1 : 0);
  }
}
