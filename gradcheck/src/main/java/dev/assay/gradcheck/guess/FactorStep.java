package dev.assay.gradcheck.guess;

import dev.assay.gradcheck.gate.Comparison;

/**
 * One step of Newton's method to the factor that fits results best: the least squares of error /
 * bound, with the derivative by a difference. Results of the factor f, and of {@code f (1 + }{@link
 * #DIFFERENCE}{@code )}, are added element by element; then f is multiplied by 1 + {@link #step}.
 */
public final class FactorStep {
  /** The relative difference of the two factors. */
  public static final double DIFFERENCE = 0x1p-12;

  private double along;
  private double square;

  /**
   * Takes in an element; one without a finite bound says nothing.
   *
   * @param here what it is with the factor
   * @param beside what it is with the other
   */
  public void add(Comparison compared, int position, double here, double beside) {
    double bound = compared.bound().get(position);
    double slope = (beside - here) / (DIFFERENCE * bound);
    double error = (compared.value().get(position) - here) / bound;
    if (Double.isFinite(slope) && Double.isFinite(error)) {
      along += slope * error;
      square += slope * slope;
    }
  }

  /** By what fraction the factor changes; 0 if nothing depends on it. */
  public double step() {
    return square == 0 ? 0 : along / square;
  }
}
