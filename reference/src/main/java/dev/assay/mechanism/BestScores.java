package dev.assay.mechanism;

import dev.assay.check.Require;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/** Takes the largest of some scores, of equals the lower index, and remembers how near it was. */
public final class BestScores {
  private double margin = Double.POSITIVE_INFINITY;

  /** Nothing has been taken yet. */
  public BestScores() {}

  /** The places of the {@code count} largest scores, or of all, ascending. */
  public int[] of(double[] scores, int count) {
    int[] order = falling(scores, IntStream.range(0, scores.length));
    int taken = Math.min(count, order.length);
    if (taken > 0 && taken < order.length) {
      margin = Math.min(margin, gap(scores[order[taken - 1]], scores[order[taken]]));
    }
    return IntStream.of(order).limit(taken).sorted().toArray();
  }

  /**
   * The places of all scores but those of -inf, the largest first.
   *
   * @param what names a place in a refusal
   * @throws IllegalArgumentException if a score is NaN
   */
  public static int[] order(double[] scores, String what) {
    for (int place = 0; place < scores.length; place++) {
      Require.argument(
          !Double.isNaN(scores[place]),
          "the score of %s %d is NaN: a choice needs numbers, or must be given",
          what,
          place);
    }
    return falling(
        scores,
        IntStream.range(0, scores.length).filter(p -> scores[p] != Double.NEGATIVE_INFINITY));
  }

  /**
   * The sort is stable, so that equal scores stay in the order of their places; the comparison
   * takes 0 and -0 for equal, unlike {@link Double#compare}.
   */
  private static int[] falling(double[] scores, IntStream places) {
    Comparator<Integer> higherFirst =
        (a, b) -> scores[a] > scores[b] ? -1 : scores[a] < scores[b] ? 1 : 0;
    return places.boxed().sorted(higherFirst).mapToInt(Integer::intValue).toArray();
  }

  /**
   * The place of a score among all but those of -inf, in words: "rank 2 of 9, score 0.412". A score
   * that is far from 1 is written with a power of ten.
   */
  public static String place(double[] scores, int index) {
    int rank = 1;
    int all = 0;
    for (int other = 0; other < scores.length; other++) {
      boolean higher =
          scores[other] > scores[index] || (scores[other] == scores[index] && other < index);
      rank += higher ? 1 : 0;
      all += scores[other] == Double.NEGATIVE_INFINITY ? 0 : 1;
    }
    double size = Math.abs(scores[index]);
    String score = size != 0 && (size < 1e-3 || size >= 1e5) ? "%.2e" : "%.3f";
    return String.format(Locale.ROOT, "rank %d of %d, score " + score, rank, all, scores[index]);
  }

  /** How far the last that was taken lies from the first that was not; infinities may be equal. */
  public static double gap(double last, double next) {
    return last == next ? 0 : last - next;
  }

  /** The smallest gap so far between a score that was taken and one that was not. */
  public double margin() {
    return margin;
  }
}
