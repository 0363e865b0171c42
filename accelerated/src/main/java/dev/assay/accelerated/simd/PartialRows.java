package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;
import java.util.List;

/**
 * What the parts of a split over keys found, each for itself, and their join by log-sum-exp in the
 * order of the parts, which depends on the shape alone: {@code max = max_s max_s}, {@code w_s =
 * e^(max_s - max)}, {@code sum = sum_s w_s sum_s}, {@code out = sum_s w_s O_s / sum}.
 */
final class PartialRows {
  private final AttentionProblem problem;
  private final List<DecodeSpan> spans;
  private final int[] first;
  private final float[] maxima;
  private final float[] sums;
  private final float[] outs;

  PartialRows(AttentionProblem problem, List<DecodeSpan> spans) {
    this.problem = problem;
    this.spans = spans;
    this.first = new int[spans.size()];
    int slots = 0;
    for (int s = 0; s < first.length; s++) {
      first[s] = slots;
      int rows = Math.multiplyExact(problem.heads(), spans.get(s).span().queries());
      slots = Math.addExact(slots, Math.multiplyExact(rows, spans.get(s).parts()));
    }
    this.maxima = new float[slots];
    this.sums = new float[slots];
    this.outs = new float[Math.multiplyExact(slots, problem.valueDepth())];
  }

  private int slot(int s, int head, int r, int part) {
    DecodeSpan decode = spans.get(s);
    return first[s] + (head * decode.span().queries() + r) * decode.parts() + part;
  }

  /** Begins a part of a row of the s-th span. */
  void open(RowSoftmax row, int s, int head, int r, int part) {
    int channels = problem.valueDepth();
    row.reset(outs, slot(s, head, r, part) * channels, channels);
  }

  /** Ends a part of a row of the s-th span. */
  void close(RowSoftmax row, int s, int head, int r, int part) {
    int slot = slot(s, head, r, part);
    maxima[slot] = row.max();
    sums[slot] = row.sum();
  }

  /** Joins the parts of all rows. */
  void join(float[] out, float[] lse, Workers workers) {
    int heads = problem.heads();
    workers.run(
        first.length * heads,
        () -> {
          double[] joined = new double[problem.valueDepth()];
          return task -> join(task / heads, task % heads, joined, out, lse);
        });
  }

  private void join(int s, int head, double[] joined, float[] out, float[] lse) {
    Span span = spans.get(s).span();
    for (int r = 0; r < span.queries(); r++) {
      int row = problem.queryRow(span.batch(), head, span.firstQuery() + r);
      join(slot(s, head, r, 0), spans.get(s).parts(), row, joined, out, lse);
    }
  }

  private void join(int from, int parts, int row, double[] joined, float[] out, float[] lse) {
    float max = Float.NEGATIVE_INFINITY;
    for (int slot = from; slot < from + parts; slot++) {
      max = Math.max(max, maxima[slot]);
    }
    int channels = joined.length;
    Arrays.fill(joined, 0);
    double sum = 0;
    for (int slot = from; slot < from + parts; slot++) {
      // A part without a key has a sum of 0; one whose sum is NaN has its say.
      if (sums[slot] != 0) {
        double weight = maxima[slot] == max ? 1 : StrictMath.exp((double) maxima[slot] - max);
        sum += weight * sums[slot];
        for (int c = 0; c < channels; c++) {
          joined[c] += weight * outs[slot * channels + c];
        }
      }
    }
    if (sum != 0) {
      for (int c = 0; c < channels; c++) {
        out[row * channels + c] = (float) (joined[c] / sum);
      }
      lse[row] = (float) (max + Ln.of(sum));
    }
  }
}
