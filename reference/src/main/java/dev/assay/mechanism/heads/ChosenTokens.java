package dev.assay.mechanism.heads;

import dev.assay.check.Require;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.CountedKeys;
import dev.assay.mechanism.heads.Mosa.Choice;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The tokens that each head of a {@link Mosa} takes.
 *
 * @param idx [B, H, 1 or n, any]: for all queries or for each, ascending, padded with -1
 * @param margin how near a token came to another choice
 */
record ChosenTokens(Tensor idx, double margin) {

  /** By scores [B, H, n]. */
  static ChosenTokens choose(Mosa settings, Tensor scores, AttentionProblem problem) {
    int heads = problem.heads();
    int n = problem.queries();
    int rows = settings.choice() == Choice.PREFIX ? n : 1;
    int[][][] chosen = new int[problem.batches() * heads][rows][];
    double margin = Double.POSITIVE_INFINITY;
    int width = 0;
    for (int list = 0; list < chosen.length; list++) {
      int length = problem.keyLength(list / heads);
      double[] own = Arrays.copyOfRange(scores.toDoubles(), list * n, list * n + length);
      for (int t = 0; t < own.length; t++) {
        Require.argument(
            !Double.isNaN(own[t]),
            "the score of token %d is NaN for head %d in batch entry %d: the router needs numbers,"
                + " or a given idx",
            t,
            list % heads,
            list / heads);
      }
      BestScores best = new BestScores();
      for (int row = 0; row < rows; row++) {
        int end = settings.choice() == Choice.PREFIX ? Math.min(row + 1, length) : length;
        chosen[list][row] =
            settings.choice() == Choice.THRESHOLD
                ? above(settings, own)
                : top(settings, Arrays.copyOf(own, end), settings.taken(length), best);
        width = Math.max(width, chosen[list][row].length);
      }
      margin = Math.min(margin, best.margin());
      if (settings.choice() == Choice.THRESHOLD) {
        margin = Math.min(margin, distance(settings, own));
      }
    }
    return new ChosenTokens(padded(chosen, heads, width), margin);
  }

  private static int[] top(Mosa settings, double[] scores, int taken, BestScores best) {
    if (!settings.includeFirst() || scores.length == 0 || taken == 0) {
      return best.of(scores, taken);
    }
    int[] others = best.of(Arrays.copyOfRange(scores, 1, scores.length), taken - 1);
    return IntStream.concat(IntStream.of(0), Arrays.stream(others).map(t -> t + 1)).toArray();
  }

  private static int[] above(Mosa settings, double[] scores) {
    return IntStream.range(0, scores.length)
        .filter(t -> scores[t] >= settings.theta() || (t == 0 && settings.includeFirst()))
        .toArray();
  }

  private static double distance(Mosa settings, double[] scores) {
    return Arrays.stream(
            scores, settings.includeFirst() ? Math.min(1, scores.length) : 0, scores.length)
        .map(score -> Math.abs(score - settings.theta()))
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  private static Tensor padded(int[][][] chosen, int heads, int width) {
    int rows = chosen.length == 0 ? 1 : chosen[0].length;
    Shape shape = Shape.of(chosen.length / heads, heads, rows, width);
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          int[] list = chosen[at[0] * heads + at[1]][at[2]];
          return at[3] < list.length ? list[at[3]] : -1;
        });
  }

  /** As given. */
  static ChosenTokens given(Tensor idx, AttentionProblem problem) {
    Shape shape = idx.shape();
    Require.argument(
        shape.rank() == 4
            && shape.extent(0) == problem.batches()
            && shape.extent(1) == problem.heads()
            && (shape.extent(2) == 1 || shape.extent(2) == problem.queries()),
        "idx has shape %s: [%d, %d, 1 or %d, any] is needed",
        shape,
        problem.batches(),
        problem.heads(),
        problem.queries());
    int width = shape.extent(3);
    for (int row = 0; row * width < idx.size(); row++) {
      TreeSet<Double> seen = new TreeSet<>();
      int length = problem.keyLength(row / (shape.extent(1) * shape.extent(2)));
      for (int e = 0; e < width; e++) {
        double token = idx.get(row * width + e);
        boolean fits = token == Math.rint(token) && token >= 0 && token < length;
        Require.argument(
            token == -1 || (fits && seen.add(token)),
            "idx lists %s: tokens lie in 0..%d and occur once; -1 stands for none",
            token,
            length - 1);
      }
    }
    return new ChosenTokens(idx, Double.POSITIVE_INFINITY);
  }

  /** 1 for a token that is among those of its own row, [B, H, n]. */
  Tensor active(AttentionProblem problem) {
    Shape rows = problem.lseShape();
    int lists = idx.shape().extent(2);
    int width = idx.shape().extent(3);
    double[] active = new double[rows.size()];
    for (int e = 0; e < idx.size(); e++) {
      int list = e / width;
      int token = (int) idx.get(e);
      if (token >= 0 && (lists == 1 || list % lists == token)) {
        active[list / lists * problem.queries() + token] = 1;
      }
    }
    return Tensor.adopt(rows, active);
  }

  /** For each active token the chosen ones that it meets; none for the others. */
  CountedKeys listed(AttentionProblem problem, Tensor active, boolean causal) {
    int n = problem.queries();
    int lists = idx.shape().extent(2);
    int width = idx.shape().extent(3);
    CountedKeys.Builder keys = new CountedKeys.Builder(problem.lseShape(), problem.keys());
    for (int row = 0; row < active.size(); row++) {
      int from = (row / n * lists + (lists == 1 ? 0 : row % n)) * width;
      for (int e = from; active.get(row) != 0 && e < from + width; e++) {
        int j = (int) idx.get(e);
        if (j >= 0 && (!causal || j <= row % n)) {
          keys.add(j);
        }
      }
      keys.endRow(true);
    }
    return keys.build();
  }
}
