package dev.assay.mechanism;

import dev.assay.autograd.Var;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;

/**
 * Rows behind the lengths of a problem as 0, for mechanisms that compute with whole rows before any
 * pair is asked for: what lies there, NaN included, then reaches no result and no gradient.
 */
public final class Padding {
  private Padding() {}

  /** x [B, .., n_q, ..] with 0 in the rows of padded queries. */
  public static Var queries(Var x, AttentionProblem problem) {
    return Ops.select(x, KeepMask.where(x.shape(), at -> at[2] < problem.queryLength(at[0])));
  }

  /** x [B, .., n_k, ..] with 0 in the rows of padded keys. */
  public static Var keys(Var x, AttentionProblem problem) {
    return Ops.select(x, KeepMask.where(x.shape(), at -> at[2] < problem.keyLength(at[0])));
  }
}
