package dev.assay.mechanism.heads;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.KeepMask;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;

/** What a router without offsets says of every token: {@code x W^T}. */
final class TokenLogits {
  private TokenLogits() {}

  /**
   * The tokens x [B, n, c] with zeros behind the lengths, so that what lies there reaches nothing.
   */
  static Var valid(Var x, AttentionProblem problem) {
    Shape tokens = x.shape();
    Require.argument(
        tokens.rank() == 3
            && tokens.extent(0) == problem.batches()
            && tokens.extent(1) == problem.queries(),
        "x has shape %s: [%d, %d, c] is needed",
        tokens,
        problem.batches(),
        problem.queries());
    return Ops.select(x, KeepMask.where(tokens, at -> at[1] < problem.queryLength(at[0])));
  }

  /**
   * The logits [B, n, rows] of valid tokens by weights [rows, c].
   *
   * @param name what messages call the weights
   */
  static Var of(Var valid, String name, Var weights, int rows) {
    Shape tokens = valid.shape();
    Require.argument(
        weights.shape().equals(Shape.of(rows, tokens.extent(2))),
        "%s has shape %s: [%d, %d] is needed",
        name,
        weights.shape(),
        rows,
        tokens.extent(2));
    Shape flat = Shape.of(tokens.extent(0) * tokens.extent(1), tokens.extent(2));
    Var logits = Ops.matMul(Ops.reshape(valid, flat), Ops.transpose(weights));
    return Ops.reshape(logits, tokens.with(2, rows));
  }
}
