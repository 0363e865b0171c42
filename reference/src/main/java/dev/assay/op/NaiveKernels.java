package dev.assay.op;

/**
 * Loops as they are written in a textbook, sums in ascending order: what the truth is computed
 * with.
 */
final class NaiveKernels implements Kernels {
  static final NaiveKernels INSTANCE = new NaiveKernels();

  private NaiveKernels() {}

  @Override
  public String id() {
    return "naive";
  }

  @Override
  public void matMul(Matrix a, Matrix b, double[] y, int at, int n, int d, int m) {
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < d; c++) {
        double left = a.values()[a.offset() + r * a.rowStride() + c * a.columnStride()];
        int from = b.offset() + c * b.rowStride();
        for (int j = 0; j < m; j++) {
          y[at + r * m + j] += left * b.values()[from + j * b.columnStride()];
        }
      }
    }
  }

  @Override
  public void softmax(double[] s, double[] y, int width) {
    for (int start = 0; start + width <= s.length && width > 0; start += width) {
      double max = Double.NEGATIVE_INFINITY;
      for (int j = start; j < start + width; j++) {
        max = Math.max(max, s[j]);
      }
      double sum = 0;
      for (int j = start; j < start + width; j++) {
        y[j] = max == Double.NEGATIVE_INFINITY ? 0 : StrictMath.exp(s[j] - max);
        sum += y[j];
      }
      for (int j = start; sum != 0 && j < start + width; j++) {
        y[j] /= sum;
      }
    }
  }

  @Override
  public void map(Function f, double[] x, double[] y) {
    for (int p = 0; p < x.length; p++) {
      y[p] =
          switch (f) {
            case EXP -> StrictMath.exp(x[p]);
            case TANH -> StrictMath.tanh(x[p]);
            case SIGMOID -> sigmoid(x[p]);
          };
    }
  }

  /** The branch keeps the exponential from overflowing. */
  private static double sigmoid(double a) {
    double e = StrictMath.exp(-Math.abs(a));
    return a < 0 ? e / (1 + e) : 1 / (1 + e);
  }
}
