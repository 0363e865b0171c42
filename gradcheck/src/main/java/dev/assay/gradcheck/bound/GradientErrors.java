package dev.assay.gradcheck.bound;

import dev.assay.tensor.Tensor;

/** Errors of the elements of a gradient, as they are met, with the magnitudes that were added. */
final class GradientErrors {
  private final double[] error;
  private final double[] magnitude;
  private final int[] terms;
  private final boolean inParts;
  private final Rounding u;

  /**
   * Without errors at first.
   *
   * @param inParts whether parts of a sum may be stored before they are added
   */
  GradientErrors(int size, boolean inParts, Rounding u) {
    this.error = new double[size];
    this.magnitude = new double[size];
    this.terms = new int[size];
    this.inParts = inParts;
    this.u = u;
  }

  /** Adds to the error and to the magnitude of an element. */
  void add(int p, double more, double size) {
    error[p] += more;
    magnitude[p] += size;
    terms[p]++;
  }

  /** The bound of every element, its rounding to storage included; 0 where nothing was added. */
  double[] bound(Tensor gradient) {
    double[] bound = error.clone();
    for (int p = 0; p < bound.length; p++) {
      if (terms[p] > 0) {
        double stored = Math.abs(gradient.get(p)) + (inParts ? magnitude[p] : 0);
        // The sum of what was met, and a cast.
        bound[p] += terms[p] * u.uAcc() * magnitude[p] + u.uO() * stored;
        bound[p] += (terms[p] + 2) * u.tinyS() + u.tinyO();
        boolean fits = bound[p] >= 0 && magnitude[p] < u.hugeS();
        bound[p] = fits ? bound[p] : Double.POSITIVE_INFINITY;
      }
    }
    return bound;
  }
}
