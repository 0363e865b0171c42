package dev.assay.mechanism;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Takes the largest of some scores, of equals the lower index, and remembers how near it was. */
public final class BestScores {
  private double margin = Double.POSITIVE_INFINITY;

  /** Nothing has been taken yet. */
  public BestScores() {}

  /** The places of the {@code count} largest scores, or of all, ascending. */
  public int[] of(double[] scores, int count) {
    // The sort is stable, so that equal scores stay in the order of their index; the comparison
    // takes 0 and -0 for equal, unlike Double.compare.
    Comparator<Integer> higherFirst =
        (a, b) -> scores[a] > scores[b] ? -1 : scores[a] < scores[b] ? 1 : 0;
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(higherFirst)
            .mapToInt(Integer::intValue)
            .toArray();
    int taken = Math.min(count, order.length);
    if (taken > 0 && taken < order.length) {
      double last = scores[order[taken - 1]];
      double next = scores[order[taken]];
      margin = Math.min(margin, last == next ? 0 : last - next);
    }
    return IntStream.of(order).limit(taken).sorted().toArray();
  }

  /** The smallest gap so far between a score that was taken and one that was not. */
  public double margin() {
    return margin;
  }
}
