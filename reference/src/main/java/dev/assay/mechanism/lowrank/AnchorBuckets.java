package dev.assay.mechanism.lowrank;

import dev.assay.check.Require;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/**
 * The anchors nearest to each token, by the cosine, ties to the lower index: which buckets it lies
 * in, round by round.
 *
 * @param buckets [B, H, s, n]; -1 behind the length, and where there are fewer than s anchors
 * @param margin by how much the nearest change of a bucket is missed
 */
record AnchorBuckets(Tensor buckets, double margin) {

  /**
   * Takes given buckets after a look at them.
   *
   * @param m anchors at most
   */
  static AnchorBuckets given(Tensor buckets, String name, AttentionProblem problem, int m) {
    Shape shape = buckets.shape();
    Require.argument(
        shape.rank() == 4
            && shape.extent(0) == problem.batches()
            && shape.extent(1) == problem.heads()
            && shape.extent(3) == problem.queries(),
        "%s has shape %s: [%d, %d, s, %d] is needed",
        name,
        shape,
        problem.batches(),
        problem.heads(),
        problem.queries());
    for (int p = 0; p < buckets.size(); p++) {
      double bucket = buckets.get(p);
      Require.argument(
          bucket == Math.rint(bucket) && bucket >= -1 && bucket < m,
          "%s holds %s: whole numbers in 0..%d are needed, or -1 for none",
          name,
          bucket,
          m - 1);
    }
    return new AnchorBuckets(buckets, Double.POSITIVE_INFINITY);
  }

  /** Chooses the s nearest of given anchors [B|1, H, m, d] for the rows x [B, H, n, d]. */
  static AnchorBuckets choose(Tensor x, AttentionProblem problem, Tensor anchors, int s) {
    int rows = anchors.shape().extent(2);
    int last = anchors.shape().extent(0) - 1;
    return choose(x, problem, s, (b, h) -> rowsOf(anchors, Math.min(b, last), h, rows));
  }

  /** Chooses the s nearest of anchors that are made of the directions of some rows. */
  static AnchorBuckets choose(
      Tensor x, Tensor from, AttentionProblem problem, Anchors maker, int s) {
    return choose(
        x, problem, s, (b, h) -> maker.of(unit(rowsOf(from, b, h, problem.queryLength(b)))));
  }

  /** Where the anchors of a head come from. */
  private interface Source {
    double[][] of(int b, int h);
  }

  private static AnchorBuckets choose(Tensor x, AttentionProblem problem, int s, Source source) {
    Shape shape = Shape.of(problem.batches(), problem.heads(), s, problem.queries());
    double[] chosen = new double[shape.size()];
    Arrays.fill(chosen, -1);
    double margin = Double.POSITIVE_INFINITY;
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.heads(); h++) {
        double[][] units = unit(rowsOf(x, b, h, problem.queryLength(b)));
        double[][] anchors = unit(source.of(b, h));
        for (int i = 0; i < units.length; i++) {
          double[] near = new double[anchors.length];
          for (int a = 0; a < near.length; a++) {
            near[a] = Anchors.dot(anchors[a], units[i]);
            Require.argument(
                !Double.isNaN(near[a]),
                "token %d of batch entry %d, head %d has no direction: anchors need numbers",
                i,
                b,
                h);
          }
          int[] order = order(near);
          for (int r = 0; r < Math.min(s, order.length); r++) {
            chosen[shape.offset(b, h, r, i)] = order[r];
            if (r + 1 < order.length) {
              margin = Math.min(margin, near[order[r]] - near[order[r + 1]]);
            }
          }
        }
      }
    }
    return new AnchorBuckets(Tensor.adopt(shape, chosen), margin);
  }

  private static int[] order(double[] near) {
    Integer[] order = new Integer[near.length];
    Arrays.setAll(order, a -> a);
    // The sort is stable, so that equal cosines stay in the order of their index.
    Arrays.sort(order, (a, b) -> near[a] > near[b] ? -1 : near[a] < near[b] ? 1 : 0);
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  private static double[][] rowsOf(Tensor x, int b, int h, int count) {
    int d = x.shape().extent(3);
    double[][] rows = new double[count][d];
    for (int i = 0; i < count; i++) {
      int start = x.shape().offset(b, h, i, 0);
      for (int c = 0; c < d; c++) {
        rows[i][c] = x.get(start + c);
      }
    }
    return rows;
  }

  /** Rows of length 1; one of zeros stays. */
  private static double[][] unit(double[][] rows) {
    double[][] units = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      double length = Math.sqrt(Anchors.dot(rows[i], rows[i]));
      double by = length == 0 ? 1 : length;
      units[i] = Arrays.stream(rows[i]).map(v -> v / by).toArray();
    }
    return units;
  }

  /** Rounds s. */
  int rounds() {
    return buckets.shape().extent(2);
  }

  /** The bucket of a token in a round, or -1. */
  int of(int b, int h, int round, int i) {
    return (int) buckets.at(b, h, round, i);
  }

  /** A bucket that two tokens share in some round, or -1. */
  int common(AnchorBuckets other, int b, int h, int i, int j) {
    for (int r = 0; r < rounds(); r++) {
      for (int o = 0; o < other.rounds(); o++) {
        int own = of(b, h, r, i);
        if (own >= 0 && own == other.of(b, h, o, j)) {
          return own;
        }
      }
    }
    return -1;
  }

  /** Weights [B, H, m, n] of the means of the members of each bucket in the first round. */
  Tensor means(int m) {
    Shape shape = buckets.shape().with(2, m);
    int n = shape.extent(3);
    double[] weights = new double[shape.size()];
    for (int row = 0; row < shape.size() / Math.max(n, 1); row++) {
      int[] at = shape.index(row * n);
      int members = 0;
      for (int i = 0; i < n; i++) {
        members += of(at[0], at[1], 0, i) == at[2] ? 1 : 0;
      }
      for (int i = 0; i < n; i++) {
        weights[row * n + i] = of(at[0], at[1], 0, i) == at[2] ? 1.0 / members : 0;
      }
    }
    return Tensor.adopt(shape, weights);
  }
}
