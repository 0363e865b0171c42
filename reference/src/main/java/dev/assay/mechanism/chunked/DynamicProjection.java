package dev.assay.mechanism.chunked;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.KeepMask;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * Compresses the tokens of each chunk into r rows: {@code xbar_ca = sum over j in chunk c of
 * softmax_j(logits_ja) x_j}.
 *
 * @param problem whose keys are compressed; those behind the lengths have no part
 * @param size tokens in a chunk; one chunk holds everything without causality
 */
record DynamicProjection(AttentionProblem problem, int size) {
  /** Chunks, the last of which may be unfinished. */
  int chunks() {
    return Math.ceilDiv(problem.keys(), size);
  }

  /**
   * The weights of the tokens.
   *
   * @param logits [B, H_kv, n_k, r]
   * @return [B H_kv, chunks r, n_k]
   */
  Weights weights(Var logits) {
    Shape shape = logits.shape();
    Require.argument(
        shape.rank() == 4
            && shape.extent(0) == problem.batches()
            && shape.extent(1) == problem.kvHeads()
            && shape.extent(2) == problem.keys(),
        "p has shape %s: [%d, %d, %d, r] is needed",
        shape,
        problem.batches(),
        problem.kvHeads(),
        problem.keys());
    int rank = shape.extent(3);
    int rows = chunks() * rank;
    int[] columns = new int[rows];
    for (int row = 0; row < rows; row++) {
      columns[row] = row % rank;
    }
    Shape all = Shape.of(problem.batches() * problem.kvHeads(), rows, problem.keys());
    Tensor keep =
        KeepMask.where(
            all,
            x -> x[2] / size == x[1] / rank && x[2] < problem.keyLength(x[0] / problem.kvHeads()));
    Var byRow = Ops.reshape(Ops.gather(Ops.transpose(logits), 2, columns), all);
    return new Weights(Ops.maskedSoftmax(byRow, keep), keep);
  }

  /**
   * Weights of a compression.
   *
   * @param shares [B H_kv, rows, n_k]
   * @param keep 1 where a token has a share
   */
  record Weights(Var shares, Tensor keep) {
    /** Compresses x [B, H_kv, n_k, d] to [B, H_kv, rows, d]. */
    Var of(Var x) {
      Shape shape = x.shape();
      Var flat =
          Ops.reshape(
              x, Shape.of(shape.extent(0) * shape.extent(1), shape.extent(2), shape.extent(3)));
      return Ops.reshape(Ops.spmm(shares, flat, keep), shape.with(2, shares.shape().extent(1)));
    }
  }
}
