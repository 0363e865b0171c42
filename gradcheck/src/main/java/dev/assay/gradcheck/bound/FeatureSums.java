package dev.assay.gradcheck.bound;

import dev.assay.tensor.Tensor;

/**
 * Bounds of sums {@code y_rc = sum w x_c} of a backward through features, term by term: each with
 * the weight, its error, and the magnitude of the products that it is a sum of, which is what a
 * state adds up.
 *
 * <pre>
 * E_y = sum (ew (|x| + ex) + |w| ex) + (gamma(N + 4, uAcc) + uDS) sum m |x| + uO (|y| + parts) + tiny
 * </pre>
 *
 * <p>N terms; parts is {@code sum m |x|} where several heads of a group add to the same row, for
 * their parts may be stored before they are added, else 0.
 */
final class FeatureSums {
  private final Known x;
  private final int channels;
  private final boolean grouped;
  private final double[] error;
  private final double[] magnitude;
  private final double[] weights;
  private final int[] terms;

  FeatureSums(Known x, int channels, int size, boolean grouped) {
    this.x = x;
    this.channels = channels;
    this.grouped = grouped;
    this.error = new double[size];
    this.magnitude = new double[size];
    this.weights = new double[size / channels];
    this.terms = new int[size / channels];
  }

  /** One term of row r: row {@code from} of x. */
  void add(int r, int from, double weight, double weightError, double size) {
    for (int c = 0; c < channels; c++) {
      double value = Math.abs(x.value().get(from * channels + c));
      double inherited = x.errorAt(from * channels + c);
      error[r * channels + c] += weightError * (value + inherited) + Math.abs(weight) * inherited;
      magnitude[r * channels + c] += size * value;
    }
    weights[r] += size;
    terms[r]++;
  }

  /** The bound of every element, its rounding to storage included. */
  double[] bound(Tensor sum, Rounding u) {
    double[] bound = error.clone();
    for (int p = 0; p < bound.length; p++) {
      int n = terms[p / channels];
      if (n > 0) {
        double fuzz = FeatureRow.gamma(n + 4, u.uAcc()) + u.uDS();
        double parts = grouped ? magnitude[p] : 0;
        bound[p] += fuzz * magnitude[p] + u.uO() * (Math.abs(sum.get(p)) + parts);
        bound[p] += (n + 2) * u.tinyS() * (1 + weights[p / channels]) + u.tinyO();
        boolean fits = bound[p] >= 0 && magnitude[p] < u.hugeS();
        bound[p] = fits ? bound[p] : Double.POSITIVE_INFINITY;
      }
    }
    return bound;
  }
}
