package dev.assay.gradcheck.bound;

import dev.assay.tensor.Tensor;

/** Bounds of the gradient of a bias: sums of score gradients over whatever the bias is spread. */
final class BiasSums {
  private final double[] error;
  private final double[] magnitude;
  private final int[] terms;

  BiasSums(int size) {
    this.error = new double[size];
    this.magnitude = new double[size];
    this.terms = new int[size];
  }

  /** One score gradient and its error. */
  void add(int position, double score, double scoreError) {
    error[position] += scoreError;
    magnitude[position] += Math.abs(score);
    terms[position]++;
  }

  /** The bound of every element, its rounding to storage included. */
  double[] bound(Tensor sum, Rounding u) {
    double[] bound = error.clone();
    for (int e = 0; e < bound.length; e++) {
      if (terms[e] > 0) {
        bound[e] += terms[e] * (u.uAcc() * magnitude[e] + u.tinyS());
        bound[e] += u.uO() * Math.abs(sum.get(e)) + u.tinyO();
      }
    }
    return bound;
  }
}
