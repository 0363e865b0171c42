package dev.assay.gradcheck.bound;

import dev.assay.tensor.Tensor;

/**
 * Bounds of sums {@code y_jc = sum_i w_ij x_ic} over queries, those of all heads of a group, that
 * arrive term by term.
 */
final class KeySums {
  private final Known x;
  private final int channels;
  private final boolean grouped;
  private final double[] error;
  private final double[] magnitude;
  private final int[] terms;

  /** Sum of the head that is being walked, and the sum of |that| over the heads before. */
  private final double[] head;

  private final double[] heads;

  /**
   * Sums that are 0 so far.
   *
   * @param rows of y
   * @param grouped whether several query heads share a row
   */
  KeySums(Known x, int channels, int rows, boolean grouped) {
    int size = rows * channels;
    this.x = x;
    this.channels = channels;
    this.grouped = grouped;
    this.error = new double[size];
    this.magnitude = new double[size];
    this.terms = new int[rows];
    this.head = new double[grouped ? size : 0];
    this.heads = new double[grouped ? size : 0];
  }

  /** One term of row j: the weight of row i of x, and the weight's error. */
  void add(int j, int i, double weight, double weightError) {
    double size = Math.abs(weight);
    double[] values = x.value().doubles();
    for (int c = 0; c < channels; c++) {
      int at = j * channels + c;
      double value = Math.abs(values[i * channels + c]);
      double inherited = x.errorAt(i * channels + c);
      error[at] += weightError * (value + inherited) + size * inherited;
      magnitude[at] += size * value;
    }
    for (int c = 0; c < channels && grouped; c++) {
      head[j * channels + c] += weight * values[i * channels + c];
    }
    terms[j]++;
  }

  /** Closes the part of one query head. */
  void endOfHead() {
    for (int e = 0; e < head.length; e++) {
      heads[e] += Math.abs(head[e]);
      head[e] = 0;
    }
  }

  /** The bound of every element, its rounding to storage included. */
  double[] bound(Tensor sum, Rounding u) {
    double[] bound = error.clone();
    for (int e = 0; e < bound.length; e++) {
      int count = terms[e / channels];
      if (count > 0) {
        double stored = Math.abs(sum.get(e)) + (grouped ? heads[e] : 0);
        bound[e] += (count + 2) * (u.uAcc() * magnitude[e] + u.tinyS());
        bound[e] += u.uO() * stored + u.tinyO();
      }
    }
    return bound;
  }
}
