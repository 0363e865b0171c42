package dev.assay.gradcheck.bound;

import dev.assay.tensor.Tensor;

/**
 * Bounds of sums {@code y_ic = sum_j w_ij x_jc} over keys, row by row. Of the errors of the weights
 * of a row some are one number for all its keys: {@code a w_ij} and {@code b p_ij}. In the sum they
 * multiply {@code |y_ic|} and {@code |sum_j p_ij x_jc|}, where keys of either sign cancel.
 */
final class QuerySums {
  private final Known x;
  private final int channels;
  private final double[] error;
  private final double[] magnitude;
  private final double[] sum;
  private final double[] weighted;

  QuerySums(Known x, int channels, int size) {
    this.x = x;
    this.channels = channels;
    this.error = new double[size];
    this.magnitude = new double[channels];
    this.sum = new double[channels];
    this.weighted = new double[channels];
  }

  /**
   * The weight of a key.
   *
   * @param value w
   * @param own error of w that is the key's own
   * @param all error of w, shared ones included
   * @param share p, which the row's shared error multiplies
   */
  record Weight(double value, double own, double all, double share) {}

  /** One term of row i: row j of x with its weight. */
  void add(int i, int j, Weight weight) {
    double size = Math.abs(weight.value);
    double[] values = x.value().doubles();
    for (int c = 0; c < channels; c++) {
      double value = values[j * channels + c];
      double inherited = x.errorAt(j * channels + c);
      error[i * channels + c] += weight.own * Math.abs(value) + (weight.all + size) * inherited;
      magnitude[c] += size * Math.abs(value);
      sum[c] += weight.value * value;
      weighted[c] += weight.share * value;
    }
  }

  /**
   * Adds the shared errors of a row, and what summing its terms may lose.
   *
   * @param relative a
   * @param shared b
   */
  void endOfRow(int i, int terms, double relative, double shared, Rounding u) {
    for (int c = 0; c < channels; c++) {
      double common = relative * Math.abs(sum[c]) + shared * Math.abs(weighted[c]);
      double rounding = (terms + 2) * (u.uAcc() * magnitude[c] + u.tinyS()) + u.tinyO();
      error[i * channels + c] += common + rounding;
      magnitude[c] = 0;
      sum[c] = 0;
      weighted[c] = 0;
    }
  }

  /** The bound of every element, its rounding to storage included. */
  double[] bound(Tensor sum, Rounding u) {
    double[] bound = error.clone();
    for (int e = 0; e < bound.length; e++) {
      bound[e] += u.uO() * Math.abs(sum.get(e));
    }
    return bound;
  }
}
