package dev.assay.mechanism.pruned;

import dev.assay.mechanism.BestScores;
import java.util.Arrays;

/**
 * Candidates by score: higher first, of equals the lower index; a score of -inf is no candidate.
 */
final class Ranking {
  private Ranking() {}

  /**
   * The candidates that are forced and the best of the others, k together where so many exist; all
   * forced ones even if they are more than k.
   */
  static boolean[] best(double[] scores, boolean[] forced, int k, String what, Margin margin) {
    boolean[] taken = new boolean[scores.length];
    int[] order = BestScores.order(scores, what);
    int room = k;
    for (int x : order) {
      taken[x] = forced[x];
      room -= forced[x] ? 1 : 0;
    }
    double last = Double.NaN;
    for (int x : order) {
      if (forced[x]) {
        continue;
      }
      if (room <= 0) {
        if (!Double.isNaN(last)) {
          margin.between(scores[x], last);
        }
        break;
      }
      taken[x] = true;
      last = scores[x];
      room--;
    }
    return taken;
  }

  /** As {@link #best(double[], boolean[], int, String, Margin)} with nothing forced. */
  static boolean[] best(double[] scores, int k, String what, Margin margin) {
    return best(scores, new boolean[scores.length], k, what, margin);
  }

  /** The scores of those x for which keep is true; -inf for the others. */
  static double[] among(double[] scores, boolean[] keep) {
    double[] among = scores.clone();
    for (int x = 0; x < among.length; x++) {
      among[x] = keep[x] ? among[x] : Double.NEGATIVE_INFINITY;
    }
    return among;
  }

  /** How many are true. */
  static int count(boolean[] truths) {
    int count = 0;
    for (boolean truth : truths) {
      count += truth ? 1 : 0;
    }
    return count;
  }

  /** All -inf. */
  static double[] nothing(int length) {
    double[] scores = new double[length];
    Arrays.fill(scores, Double.NEGATIVE_INFINITY);
    return scores;
  }
}
