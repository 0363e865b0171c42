package dev.assay.engine;

/** Rows of numbers within larger arrays, combined in ascending order of their channels. */
final class Rows {
  private Rows() {}

  /** {@code sum_c a[aFrom + c] b[bFrom + c]} for c from 0 to length - 1. */
  static double dot(double[] a, int aFrom, double[] b, int bFrom, int length) {
    double sum = 0;
    for (int c = 0; c < length; c++) {
      sum += a[aFrom + c] * b[bFrom + c];
    }
    return sum;
  }

  /** {@code to[toFrom + c] += factor x[xFrom + c]} for c from 0 to length - 1. */
  static void addScaled(double[] to, int toFrom, double factor, double[] x, int xFrom, int length) {
    for (int c = 0; c < length; c++) {
      to[toFrom + c] += factor * x[xFrom + c];
    }
  }
}
