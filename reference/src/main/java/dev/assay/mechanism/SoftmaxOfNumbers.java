package dev.assay.mechanism;

/** Softmax of plain numbers, for choices: no gradient goes through. */
public final class SoftmaxOfNumbers {
  private SoftmaxOfNumbers() {}

  /** {@code e^(x - max) / sum}; an entry of -inf gets 0, and all do if no entry is larger. */
  public static double[] of(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double[] weights = new double[logits.length];
    if (max == Double.NEGATIVE_INFINITY) {
      return weights;
    }
    double sum = 0;
    for (int x = 0; x < weights.length; x++) {
      weights[x] = StrictMath.exp(logits[x] - max);
      sum += weights[x];
    }
    for (int x = 0; x < weights.length; x++) {
      weights[x] /= sum;
    }
    return weights;
  }
}
