package dev.assay.mechanism.pruned;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;

/** What a page of keys may score at most, from the smallest and largest value of each channel. */
final class PageBounds {
  private PageBounds() {}

  /**
   * {@code sum_c max(q_c min_j k_jc, q_c max_j k_jc)} over the keys of the page that the query may
   * meet, at least every q . k_j; -inf without any.
   *
   * @param from first key of the page
   * @param to behind its last
   */
  static double above(HeadRows head, int i, int from, int to) {
    int depth = head.problem().depth();
    double[] low = new double[depth];
    double[] high = Ranking.nothing(depth);
    Arrays.fill(low, Double.POSITIVE_INFINITY);
    boolean empty = true;
    for (int j = from; j < to; j++) {
      if (head.exists(i, j)) {
        empty = false;
        for (int c = 0; c < depth; c++) {
          low[c] = Math.min(low[c], head.key(j, c));
          high[c] = Math.max(high[c], head.key(j, c));
        }
      }
    }
    if (empty) {
      return Double.NEGATIVE_INFINITY;
    }
    double bound = 0;
    for (int c = 0; c < depth; c++) {
      double q = head.query(i, c);
      bound += Math.max(q * low[c], q * high[c]);
    }
    return bound;
  }

  /** For each head, at b * heads + h, and query: {@link #open}. */
  static int[][] open(AttentionProblem problem, int page) {
    int[][] open = new int[problem.batches() * problem.heads()][problem.queries()];
    for (HeadRows head : HeadRows.all(problem)) {
      Arrays.setAll(open[head.index()], i -> open(head, i, page));
    }
    return open;
  }

  /** The page of the newest key that a query may meet; -1 if it meets none. */
  static int open(HeadRows head, int i, int page) {
    for (int j = head.problem().keys() - 1; j >= 0; j--) {
      if (head.exists(i, j)) {
        return j / page;
      }
    }
    return -1;
  }
}
