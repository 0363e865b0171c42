package dev.assay.mechanism.pruned;

/** Cumulative sums and products of plain arrays. */
final class Probabilities {
  private Probabilities() {}

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
