package dev.assay.gradcheck.stage;

import org.jspecify.annotations.Nullable;

/** min_x |A x - y|, by Householder's reflections, which keep what the equations know. */
final class LeastSquares {
  private LeastSquares() {}

  /**
   * Solves.
   *
   * @param a rows of equations; changed
   * @param y right sides; changed
   * @return x, or null if the columns are not independent
   */
  static double @Nullable [] solve(double[][] a, double[] y) {
    int rows = a.length;
    int columns = a[0].length;
    double[] diagonal = new double[columns];
    double largest = 0;
    for (int k = 0; k < columns; k++) {
      double norm = 0;
      for (int r = k; r < rows; r++) {
        norm += a[r][k] * a[r][k];
      }
      norm = Math.sqrt(norm);
      largest = Math.max(largest, norm);
      if (!(norm > 1e-10 * largest)) {
        return null;
      }
      double head = a[k][k] > 0 ? -norm : norm;
      a[k][k] -= head;
      diagonal[k] = head;
      double square = 0;
      for (int r = k; r < rows; r++) {
        square += a[r][k] * a[r][k];
      }
      for (int c = k + 1; c <= columns; c++) {
        reflect(a, y, k, c, square);
      }
    }
    double[] x = new double[columns];
    for (int k = columns - 1; k >= 0; k--) {
      double rest = y[k];
      for (int c = k + 1; c < columns; c++) {
        rest -= a[k][c] * x[c];
      }
      x[k] = rest / diagonal[k];
    }
    return x;
  }

  /** Reflects column c, or the right side behind the last column. */
  private static void reflect(double[][] a, double[] y, int k, int c, double square) {
    boolean right = c == a[0].length;
    double dot = 0;
    for (int r = k; r < a.length; r++) {
      dot += a[r][k] * (right ? y[r] : a[r][c]);
    }
    double factor = 2 * dot / square;
    for (int r = k; r < a.length; r++) {
      if (right) {
        y[r] -= factor * a[r][k];
      } else {
        a[r][c] -= factor * a[r][k];
      }
    }
  }
}
