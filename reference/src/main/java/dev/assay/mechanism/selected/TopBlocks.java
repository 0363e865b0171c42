package dev.assay.mechanism.selected;

import dev.assay.check.Require;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Chooses the k best candidates of one row after another, and keeps the least distance of any row
 * from another choice. Higher scores come first, ties go to the lower index, a score of -inf is
 * never chosen, and where there are fewer candidates than k all of them are taken.
 */
final class TopBlocks {
  private double margin = Double.POSITIVE_INFINITY;

  /** What a candidate is for the choice. */
  enum Standing {
    /** Out of the question. */
    NO,
    /** Taken if its score is among the best. */
    CANDIDATE,
    /** Taken whatever its score, which is not read. */
    FORCED
  }

  /**
   * The chosen indices, ascending.
   *
   * @param score one for each index; read for candidates only
   * @param standing of each index
   * @param k how many are taken, the forced ones included; these are taken beyond k too
   * @throws IllegalArgumentException if the score of a candidate is NaN
   */
  int[] pick(double[] score, Standing[] standing, int k) {
    boolean[] taken = new boolean[score.length];
    int count = 0;
    for (int index = 0; index < score.length; index++) {
      taken[index] = standing[index] == Standing.FORCED;
      count += taken[index] ? 1 : 0;
      Require.argument(
          standing[index] != Standing.CANDIDATE || !Double.isNaN(score[index]),
          "the score of candidate %d is NaN: a choice needs numbers, or a given idx",
          index);
    }
    double last = Double.POSITIVE_INFINITY;
    int best = best(score, standing, taken);
    for (; count < k && best >= 0; count++) {
      taken[best] = true;
      last = score[best];
      best = best(score, standing, taken);
    }
    if (best >= 0 && last < Double.POSITIVE_INFINITY) {
      margin = Math.min(margin, last == score[best] ? 0 : last - score[best]);
    }
    return IntStream.range(0, taken.length).filter(i -> taken[i]).toArray();
  }

  /**
   * The indices, ascending, whose score is above a threshold, and the forced ones.
   *
   * @throws IllegalArgumentException if the score of a candidate is NaN
   */
  int[] above(double[] score, Standing[] standing, double threshold) {
    Standing[] decided = standing.clone();
    for (int index = 0; index < score.length; index++) {
      if (standing[index] == Standing.CANDIDATE && !Double.isNaN(score[index])) {
        margin = Math.min(margin, Math.abs(score[index] - threshold));
        decided[index] = score[index] > threshold ? Standing.FORCED : Standing.NO;
      }
    }
    return pick(score, decided, 0);
  }

  /** The free candidate of largest score, the first of equals; -1 if there is none above -inf. */
  private static int best(double[] score, Standing[] standing, boolean[] taken) {
    int best = -1;
    for (int index = 0; index < score.length; index++) {
      boolean free = standing[index] == Standing.CANDIDATE && !taken[index];
      if (free
          && score[index] != Double.NEGATIVE_INFINITY
          && (best < 0 || score[index] > score[best])) {
        best = index;
      }
    }
    return best;
  }

  /** The least gap between a chosen and a refused candidate, or a score and its threshold. */
  double margin() {
    return margin;
  }

  /** A row in which nothing is a candidate yet. */
  static Standing[] none(int count) {
    Standing[] standing = new Standing[count];
    Arrays.fill(standing, Standing.NO);
    return standing;
  }
}
