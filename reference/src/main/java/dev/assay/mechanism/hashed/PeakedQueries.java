package dev.assay.mechanism.hashed;

import dev.assay.check.Require;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.hashed.Informer.Measure;
import dev.assay.mechanism.hashed.Informer.Sample;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The queries of an {@link Informer} that attend.
 *
 * @param idx [B, H, u], ascending, padded with -1
 * @param choices what was drawn and chosen, by name
 * @param margin the least gap of the measure between a query that attends and one that does not
 */
record PeakedQueries(Tensor idx, Map<String, Tensor> choices, double margin) {
  /** 1 for a query that attends, 0 for a lazy one, [B, H, n_q]. */
  Tensor attending(AttentionProblem problem) {
    Shape rows = problem.lseShape();
    int width = idx.shape().extent(2);
    double[] attending = new double[rows.size()];
    for (int e = 0; e < idx.size(); e++) {
      if (idx.get(e) >= 0) {
        attending[e / width * problem.queries() + (int) idx.get(e)] = 1;
      }
    }
    return Tensor.adopt(rows, attending);
  }

  /** Those with the largest {@code max - sum / divisor} over the sampled logits. */
  static PeakedQueries measure(Informer settings, AttentionProblem problem, Tensor sampled) {
    Shape rows = problem.lseShape();
    int width = settings.some(problem.queries());
    double[] idx = new double[rows.extent(0) * rows.extent(1) * width];
    Arrays.fill(idx, -1);
    BestScores best = new BestScores();
    for (int list = 0; list < rows.extent(0) * rows.extent(1); list++) {
      int b = list / rows.extent(1);
      double[] scores = measures(settings, problem, sampled, b, list % rows.extent(1));
      int[] taken = best.of(scores, settings.some(scores.length));
      for (int e = 0; e < taken.length; e++) {
        idx[list * width + e] = taken[e];
      }
    }
    Tensor chosen = Tensor.adopt(Shape.of(rows.extent(0), rows.extent(1), width), idx);
    return new PeakedQueries(
        chosen, new TreeMap<>(Map.of("sampled", sampled, "idx", chosen)), best.margin());
  }

  /** The measure of every valid query of a head. */
  static double[] measures(
      Informer settings, AttentionProblem problem, Tensor sampled, int b, int h) {
    double[] measures = new double[problem.queryLength(b)];
    Arrays.setAll(measures, i -> new Row(problem, sampled, b, h, i).score(settings));
    return measures;
  }

  /** The measure of one query. */
  private record Row(AttentionProblem problem, Tensor sampled, int b, int h, int i) {

    /** A query without a sampled key, of which nothing is known, comes last. */
    double score(Informer settings) {
      double max = Double.NEGATIVE_INFINITY;
      double sum = 0;
      int count = 0;
      for (int e = 0; e < sampled.shape().extent(1); e++) {
        int j = (int) sampled.get(i * sampled.shape().extent(1) + e);
        if (j >= 0 && j < problem.keyLength(b)) {
          double logit = logit(j);
          Require.argument(
              !Double.isNaN(logit),
              "query %d of head %d in batch entry %d meets NaN in key %d: the measure needs"
                  + " numbers, or given idx",
              i,
              h,
              b,
              j);
          max = Math.max(max, logit);
          sum += logit;
          count++;
        }
      }
      int divisor = settings.measure() == Measure.KEYS ? keys(settings) : count;
      return count == 0 ? -Double.MAX_VALUE : max - sum / divisor;
    }

    /** Keys that the sample may have come from. */
    private int keys(Informer settings) {
      long visible = i + (long) problem.offset(b) + 1;
      return settings.causal() && settings.sample() == Sample.VISIBLE
          ? Math.clamp(visible, 1, problem.keyLength(b))
          : problem.keyLength(b);
    }

    private double logit(int j) {
      int depth = problem.depth();
      int query = ((b * problem.heads() + h) * problem.queries() + i) * depth;
      int head = b * problem.kvHeads() + problem.kvHead(h);
      int key = (head * problem.keys() + j) * depth;
      double logit = 0;
      for (int c = 0; c < depth; c++) {
        logit += problem.q().get(query + c) * problem.k().get(key + c);
      }
      return logit;
    }
  }

  /** As given, [B, H, any]. */
  static PeakedQueries given(Tensor idx, AttentionProblem problem) {
    Shape shape = idx.shape();
    Require.argument(
        shape.rank() == 3
            && shape.extent(0) == problem.batches()
            && shape.extent(1) == problem.heads(),
        "idx has shape %s: [%d, %d, any] is needed",
        shape,
        problem.batches(),
        problem.heads());
    int width = shape.extent(2);
    for (int list = 0; list * width < idx.size(); list++) {
      TreeSet<Double> seen = new TreeSet<>();
      int length = problem.queryLength(list / problem.heads());
      for (int e = 0; e < width; e++) {
        double query = idx.get(list * width + e);
        boolean fits = query == Math.rint(query) && query >= 0 && query < length;
        Require.argument(
            query == -1 || (fits && seen.add(query)),
            "idx lists %s: queries lie in 0..%d and occur once; -1 stands for none",
            query,
            length - 1);
      }
    }
    return new PeakedQueries(idx, Map.of("idx", idx), Double.POSITIVE_INFINITY);
  }
}
