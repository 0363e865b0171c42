package dev.assay.mechanism.hashed;

import dev.assay.check.Require;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.hashed.RoutingTransformer.Routing;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The members of each cluster.
 *
 * @param queries its queries
 * @param keys its keys
 * @param shared whether queries are keys
 */
record Clusters(Lists queries, Lists keys, boolean shared) {
  int count() {
    return queries.clusters();
  }

  double margin() {
    return Math.min(queries.margin(), keys.margin());
  }

  /** By the names under which they can be given. */
  Map<String, Tensor> choices() {
    return shared
        ? Map.of("idx_q", queries.tensor())
        : new TreeMap<>(Map.of("idx_q", queries.tensor(), "idx_k", keys.tensor()));
  }

  /**
   * Tokens by cluster.
   *
   * @param of for each batch entry and head, b * H + h, and each cluster: its tokens, ascending
   * @param heads H
   * @param clusters C
   * @param margin how near a token came to another choice
   */
  record Lists(List<int[][]> of, int heads, int clusters, double margin) {

    /** [B, H, C, longest list], padded with -1. */
    Tensor tensor() {
      int width = 0;
      for (int[][] lists : of) {
        for (int[] list : lists) {
          width = Math.max(width, list.length);
        }
      }
      Shape shape = Shape.of(of.size() / heads, heads, clusters, width);
      return Tensor.generate(
          shape,
          p -> {
            int[] at = shape.index(p);
            int[] list = of.get(at[0] * heads + at[1])[at[2]];
            return at[3] < list.length ? list[at[3]] : -1;
          });
    }

    /**
     * From a given choice.
     *
     * @param name what messages call it
     * @param lengths valid tokens of a batch entry
     */
    static Lists given(
        String name, Tensor idx, AttentionProblem problem, int clusters, IntUnaryOperator lengths) {
      Shape shape = idx.shape();
      int heads = problem.heads();
      Require.argument(
          shape.rank() == 4
              && shape.extent(0) == problem.batches()
              && shape.extent(1) == heads
              && shape.extent(2) == clusters,
          "%s has shape %s: [%d, %d, %d, any] is needed",
          name,
          shape,
          problem.batches(),
          heads,
          clusters);
      List<int[][]> of = new ArrayList<>();
      for (int list = 0; list < problem.batches() * heads; list++) {
        int[][] members = new int[clusters][];
        for (int c = 0; c < clusters; c++) {
          int[] at = {list / heads, list % heads, c, 0};
          members[c] = row(name, idx, at, lengths.applyAsInt(list / heads));
        }
        of.add(members);
      }
      return new Lists(of, heads, clusters, Double.POSITIVE_INFINITY);
    }

    private static int[] row(String name, Tensor idx, int[] at, int length) {
      TreeSet<Integer> listed = new TreeSet<>();
      for (at[3] = 0; at[3] < idx.shape().extent(3); at[3]++) {
        double entry = idx.at(at);
        boolean fits = entry == Math.rint(entry) && entry >= 0 && entry < length;
        Require.argument(
            entry == -1 || (fits && listed.add((int) entry)),
            "%s lists %s for cluster %d: tokens lie in 0..%d and occur once; -1 stands for none",
            name,
            entry,
            at[2],
            length - 1);
      }
      return listed.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  /**
   * Routes tokens by their products with centroids.
   *
   * @param means [H, C, d]
   * @param window tokens that a cluster takes, if it chooses
   * @param routing who chooses
   */
  record Router(Tensor means, int window, Routing routing) {

    /**
     * The clusters of x [B, H, n, d].
     *
     * @throws IllegalArgumentException if a product is NaN
     */
    Lists route(Tensor x, IntUnaryOperator lengths) {
      Shape shape = x.shape();
      int clusters = means.shape().extent(1);
      List<int[][]> of = new ArrayList<>();
      double margin = Double.POSITIVE_INFINITY;
      for (int b = 0; b < shape.extent(0); b++) {
        for (int h = 0; h < shape.extent(1); h++) {
          double[][] scores = scores(x, b, h, lengths.applyAsInt(b));
          BestScores best = new BestScores();
          of.add(routing == Routing.TOP ? top(scores, best) : nearest(scores, best));
          margin = Math.min(margin, best.margin());
        }
      }
      return new Lists(of, shape.extent(1), clusters, margin);
    }

    /** [cluster][token] */
    private double[][] scores(Tensor x, int b, int h, int length) {
      int depth = x.shape().extent(3);
      int tokens = (b * x.shape().extent(1) + h) * x.shape().extent(2) * depth;
      double[][] scores = new double[means.shape().extent(1)][length];
      for (int c = 0; c < scores.length; c++) {
        int mean = (h * scores.length + c) * depth;
        for (int t = 0; t < length; t++) {
          for (int channel = 0; channel < depth; channel++) {
            scores[c][t] += x.get(tokens + t * depth + channel) * means.get(mean + channel);
          }
          Require.argument(
              !Double.isNaN(scores[c][t]),
              "token %d of head %d in batch entry %d is routed by NaN: numbers are needed, or given"
                  + " idx_q and idx_k",
              t,
              h,
              b);
        }
      }
      return scores;
    }

    private int[][] top(double[][] scores, BestScores best) {
      return Arrays.stream(scores).map(row -> best.of(row, window)).toArray(int[][]::new);
    }

    private static int[][] nearest(double[][] scores, BestScores best) {
      int length = scores.length == 0 ? 0 : scores[0].length;
      int[] home = new int[length];
      for (int t = 0; t < length; t++) {
        int token = t;
        double[] byCluster = Arrays.stream(scores).mapToDouble(row -> row[token]).toArray();
        home[t] = best.of(byCluster, 1)[0];
      }
      int[][] members = new int[scores.length][];
      for (int c = 0; c < members.length; c++) {
        int cluster = c;
        members[c] = IntStream.range(0, length).filter(t -> home[t] == cluster).toArray();
      }
      return members;
    }
  }
}
