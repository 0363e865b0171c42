package dev.assay.mechanism.selected;

import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.RankedChoice;
import dev.assay.mechanism.SoftmaxOfNumbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    double[] free = candidates(score, standing);
    List<Integer> taken = new ArrayList<>();
    for (int index = 0; index < score.length; index++) {
      if (standing[index] == Standing.FORCED) {
        taken.add(index);
      }
    }
    int[] order = BestScores.order(free, "candidate");
    int best = Math.clamp((long) k - taken.size(), 0, order.length);
    if (best > 0 && best < order.length) {
      margin = Math.min(margin, BestScores.gap(score[order[best - 1]], score[order[best]]));
    }
    IntStream.of(order).limit(best).forEach(taken::add);
    return taken.stream().mapToInt(Integer::intValue).sorted().toArray();
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

  /** The scores of candidates; -inf for what is forced, or out of the question. */
  static double[] candidates(double[] score, Standing[] standing) {
    double[] free = new double[score.length];
    Arrays.setAll(
        free,
        index -> standing[index] == Standing.CANDIDATE ? score[index] : Double.NEGATIVE_INFINITY);
    return free;
  }

  /**
   * What {@link #pick} chooses from, laid open.
   *
   * @param sizes the sums of the absolute products that the scores are made of
   */
  static RankedChoice.Row ranked(double[] score, Standing[] standing, double[] sizes, int k) {
    double[] scores = candidates(score, standing);
    int forced = 0;
    int free = 0;
    for (int index = 0; index < scores.length; index++) {
      if (standing[index] == Standing.FORCED) {
        scores[index] = Double.POSITIVE_INFINITY;
        forced++;
      } else if (scores[index] != Double.NEGATIVE_INFINITY) {
        free++;
      }
    }
    return new RankedChoice.Row(scores, sizes, forced + Math.clamp((long) k - forced, 0, free));
  }

  /** Softmax over all but what is out of the question, where it is 0. */
  static double[] softmax(double[] score, Standing[] standing) {
    double[] logits = new double[score.length];
    for (int index = 0; index < score.length; index++) {
      logits[index] = standing[index] == Standing.NO ? Double.NEGATIVE_INFINITY : score[index];
    }
    return SoftmaxOfNumbers.of(logits);
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
