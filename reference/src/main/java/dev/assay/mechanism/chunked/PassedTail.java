package dev.assay.mechanism.chunked;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;

/**
 * What goes past the attention of a {@link HierarchicalChunking}: the source drops the last n mod m
 * tokens, and a layer whose input is its value (X W_V) then still gives something for them.
 */
final class PassedTail {
  private PassedTail() {}

  /**
   * {@code v} of the tail for every query head, 0 elsewhere; [B, H, n, d_v].
   *
   * @param problem the attention of the chunks, whose lengths end before the tail
   * @param from the first token of the tail; one behind a given length is not read
   */
  static Var values(Inputs inputs, AttentionProblem problem, int from) {
    Var v = Softmax.perQueryHead(inputs.var("v"), problem.heads());
    AttentionProblem whole = Given.problem(inputs).build();
    return Ops.select(
        v,
        KeepMask.where(
            v.shape(),
            x -> x[2] >= from && x[2] < whole.queryLength(x[0]) && x[2] < whole.keyLength(x[0])));
  }
}
