package dev.assay.mechanism.pruned;

/** Softmax and cumulative sums of plain arrays. */
final class Probabilities {
  private Probabilities() {}

  /** Softmax over all entries; an entry of -inf gets 0, and all do if no entry is larger. */
  static double[] softmax(double[] logits) {
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

  /**
   * How many of the first entries it takes until their sum reaches a bar: the entry that crosses it
   * included, and all of them if the sum never does.
   */
  static int reaching(double[] mass, int[] order, double bar, Margin margin) {
    double sum = 0;
    for (int taken = 0; taken < order.length; taken++) {
      sum += mass[order[taken]];
      margin.between(sum, bar);
      if (sum >= bar) {
        return taken + 1;
      }
    }
    return order.length;
  }

  /** How many of the first entries have a sum of at most the bar: the crossing one left out. */
  static int within(double[] mass, int[] order, double bar, Margin margin) {
    double sum = 0;
    for (int taken = 0; taken < order.length; taken++) {
      sum += mass[order[taken]];
      margin.between(sum, bar);
      if (!(sum <= bar)) {
        return taken;
      }
    }
    return order.length;
  }

  /** {@code sum_c a_c b_c}. */
  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += a[c] * b[c];
    }
    return sum;
  }
}
