package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import jdk.incubator.vector.FloatVector;

/**
 * {@code P = e^(s - lse)} and {@code dS = P (dropout dP - delta)} of a chunk of pairs, and from dS
 * the gradient by {@code scale q . k}.
 */
final class PairGradient {
  private final RowStatistics statistics;
  private final PairLogits logits;
  private final boolean drops;
  private final RowDots dots = new RowDots();
  private final float[] p = new float[EDGE];
  private final float[] ds = new float[EDGE];
  private final float[] slopes = new float[EDGE];

  PairGradient(AttentionProblem problem, RowStatistics statistics) {
    this.statistics = statistics;
    this.logits = new PairLogits(problem, false);
    this.drops = problem.dropoutKeep() != null;
  }

  /** Moves to the query, or key, whose channels begin at {@code from}. */
  void anchor(float[] values, int from) {
    logits.anchor(values, from);
  }

  /**
   * Computes P and dS.
   *
   * @param rows keys, or queries
   * @param at where they begin
   * @param cotangent dO of the query, or V of the key, from 0 on
   * @param others V of the keys, or dO of the queries
   * @param othersAt where they begin
   */
  void of(
      PairChunk chunk, float[] rows, int[] at, float[] cotangent, float[] others, int[] othersAt) {
    logits.of(chunk, rows, at, p, slopes);
    int count = chunk.count();
    dots.dots(cotangent, others, othersAt, count, cotangent.length, ds);
    for (int e = 0; e < count; e++) {
      float exponent = p[e] - statistics.lse()[chunk.queryRow(e)];
      // A probability is at most 1, whatever the rounding of large logits makes of it.
      p[e] = exponent > 0 ? 0 : exponent;
    }
    for (int e = 0; e < PairLogits.padded(count); e += LANES) {
      Exp2.of(FloatVector.fromArray(SPECIES, p, e).mul((float) Exp2.LOG2_E)).intoArray(p, e);
    }
    for (int e = 0; e < count; e++) {
      float factor = drops ? chunk.dropout(e) : 1;
      // Chosen, not multiplied: a dropped pair must not pass on a NaN.
      float dp = factor == 0 ? 0 : factor * ds[e];
      ds[e] = p[e] * (dp - statistics.delta()[chunk.queryRow(e)]);
    }
  }

  /** Goes on from the gradient by the logit to that by {@code scale q . k}. */
  void throughSoftcap(int count) {
    for (int e = 0; logits.hasSlopes() && e < count; e++) {
      ds[e] *= slopes[e];
    }
  }

  float[] p() {
    return p;
  }

  float[] ds() {
    return ds;
  }
}
