package dev.assay.mechanism.learned;

import dev.assay.check.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * The k candidates of largest score; equal scores go to the lower index, and a candidate of score
 * -inf is never taken.
 *
 * @param taken what was taken, ascending
 * @param gap between the last that was taken and the first that was not; infinite if one side is
 *     empty
 */
record TopK(int[] taken, double gap) {
  /**
   * Chooses.
   *
   * @param score of a candidate
   * @param candidates ascending
   * @param k how many at most
   * @param what what a message calls a score
   * @throws IllegalArgumentException if a score is NaN
   */
  static TopK of(IntToDoubleFunction score, int[] candidates, int k, String what) {
    List<Integer> order = new ArrayList<>();
    for (int candidate : candidates) {
      double s = score.applyAsDouble(candidate);
      Require.argument(
          !Double.isNaN(s), "%s is NaN for candidate %d: a choice needs numbers", what, candidate);
      if (s != Double.NEGATIVE_INFINITY) {
        order.add(candidate);
      }
    }
    // The sort is stable, so that equal scores stay in the order of their index.
    order.sort((a, b) -> higherFirst(score.applyAsDouble(a), score.applyAsDouble(b)));
    int count = Math.min(Math.max(k, 0), order.size());
    double gap = Double.POSITIVE_INFINITY;
    if (count > 0 && count < order.size()) {
      double last = score.applyAsDouble(order.get(count - 1));
      double next = score.applyAsDouble(order.get(count));
      gap = last == next ? 0 : last - next;
    }
    int[] taken = order.subList(0, count).stream().mapToInt(Integer::intValue).toArray();
    Arrays.sort(taken);
    return new TopK(taken, gap);
  }

  /** Unlike {@link Double#compare} it takes 0 and -0 for equal. */
  private static int higherFirst(double a, double b) {
    return a > b ? -1 : a < b ? 1 : 0;
  }
}
