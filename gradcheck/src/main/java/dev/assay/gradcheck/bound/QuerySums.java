package dev.assay.gradcheck.bound;

import dev.assay.tensor.Tensor;

/** Bounds of sums {@code y_ic = sum_j w_ij x_jc} over keys, row by row. */
final class QuerySums {
  private final Known x;
  private final int channels;
  private final double[] error;
  private final double[] magnitude;

  QuerySums(Known x, int channels, int size) {
    this.x = x;
    this.channels = channels;
    this.error = new double[size];
    this.magnitude = new double[channels];
  }

  /** One term of row i: the weight of row j of x, and the weight's error. */
  void add(int i, int j, double weight, double weightError) {
    double size = Math.abs(weight);
    double[] values = x.value().doubles();
    for (int c = 0; c < channels; c++) {
      double value = Math.abs(values[j * channels + c]);
      double inherited = x.errorAt(j * channels + c);
      error[i * channels + c] += weightError * (value + inherited) + size * inherited;
      magnitude[c] += size * value;
    }
  }

  /** Adds what summing the row's terms may lose. */
  void endOfRow(int i, int terms, Rounding u) {
    for (int c = 0; c < channels; c++) {
      error[i * channels + c] += (terms + 2) * (u.uAcc() * magnitude[c] + u.tinyS()) + u.tinyO();
      magnitude[c] = 0;
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
