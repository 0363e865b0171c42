package dev.assay.mechanism.learned;

import dev.assay.check.Require;
import dev.assay.mechanism.BestScores;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

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
    double[] scores = Arrays.stream(candidates).mapToDouble(score).toArray();
    for (int e = 0; e < scores.length; e++) {
      Require.argument(
          !Double.isNaN(scores[e]),
          "%s is NaN for candidate %d: a choice needs numbers",
          what,
          candidates[e]);
    }
    int[] order = BestScores.order(scores, "candidate");
    int count = Math.clamp(k, 0, order.length);
    double gap =
        count > 0 && count < order.length
            ? BestScores.gap(scores[order[count - 1]], scores[order[count]])
            : Double.POSITIVE_INFINITY;
    int[] taken = IntStream.of(order).limit(count).map(e -> candidates[e]).sorted().toArray();
    return new TopK(taken, gap);
  }
}
