package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * The logits of one query against a chunk of keys that it keeps, or of one key against a chunk of
 * queries: {@code softcap(scale q . k) + bias + log multiplicity}. The scale comes after the
 * product, so that a logit has the same bits from either side, and forward and backward mean the
 * same softmax.
 */
final class PairLogits {
  private final @Nullable Softcap softcap;
  private final boolean plain;
  private final float[] anchor;
  private final RowDots dots = new RowDots();
  private final float scale;

  /**
   * For a problem.
   *
   * @param plain whether there is neither bias nor multiplicity
   */
  PairLogits(AttentionProblem problem, boolean plain) {
    this.softcap = problem.softcap() > 0 ? new Softcap(problem.softcap()) : null;
    this.plain = plain;
    this.anchor = new float[problem.depth()];
    this.scale = (float) problem.scale();
  }

  /** Moves to the query, or key, whose channels begin at {@code from}. */
  void anchor(float[] values, int from) {
    for (int c = 0; c < anchor.length; c++) {
      anchor[c] = values[from + c];
    }
  }

  /** Whether slopes differ from 1. */
  boolean hasSlopes() {
    return softcap != null;
  }

  /**
   * The logits of a chunk, which forgets the pairs whose logit is -inf.
   *
   * @param rows keys, or queries
   * @param at where they begin
   * @param s receives the logits; room for 64
   * @param slopes receives the slopes of the softcap, or null
   */
  void of(PairChunk chunk, float[] rows, int[] at, float[] s, float @Nullable [] slopes) {
    int count = chunk.count();
    dots.dots(anchor, rows, at, count, anchor.length, s);
    int e0 = 0;
    for (; e0 + LANES <= count; e0 += LANES) {
      FloatVector.fromArray(SPECIES, s, e0).mul(scale).intoArray(s, e0);
    }
    for (; e0 < count; e0++) {
      s[e0] *= scale;
    }
    if (softcap != null) {
      softcap.apply(s, padded(count), slopes);
    }
    for (int e = 0; !plain && e < count; e++) {
      float bias = chunk.bias(e);
      // Chosen, not added: a masked pair must not pass on a NaN.
      s[e] = bias == Float.NEGATIVE_INFINITY ? bias : s[e] + bias;
    }
    chunk.forgetMasked(s, slopes);
  }

  /** A count filled up to whole vectors. */
  static int padded(int count) {
    return Math.min((count + LANES - 1) / LANES * LANES, EDGE);
  }
}
