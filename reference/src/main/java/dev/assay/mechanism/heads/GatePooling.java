package dev.assay.mechanism.heads;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.heads.HeadGate.Granularity;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * The means of queries and keys that a {@link HeadGate} scores: over all valid tokens, over those
 * up to a token, or that token alone. Tokens behind a length are never read.
 *
 * @param granularity which tokens
 * @param problem lengths
 * @param chunk with TOKEN: a token stands for the chunk of so many that it lies in; 1 for itself
 */
record GatePooling(Granularity granularity, AttentionProblem problem, int chunk) {
  GatePooling {
    Require.argument(
        granularity == Granularity.SEQUENCE || problem.queries() == problem.keys(),
        "granularity %s pairs query i with key i, but there are %d queries and %d keys",
        granularity,
        problem.queries(),
        problem.keys());
  }

  /** [B, H, rows]: one row, or one for each token. */
  Shape rows() {
    int rows = granularity == Granularity.SEQUENCE ? 1 : problem.queries();
    return Shape.of(problem.batches(), problem.heads(), rows);
  }

  /** {@code [mean q ; mean k]}, [B, H, rows, 2 d]; 0 where there is no valid token. */
  Var pool(Var q, Var k) {
    Var keys = Softmax.perQueryHead(k, problem.heads());
    return Ops.concat(3, mean(q, problem::queryLength), mean(keys, problem::keyLength));
  }

  private interface Lengths {
    int of(int b);
  }

  private Var mean(Var x, Lengths lengths) {
    Shape rows = rows();
    int tokens = x.shape().extent(2);
    Shape weights = Shape.of(rows.extent(0), rows.extent(1), rows.extent(2), tokens);
    Tensor keep = KeepMask.where(weights, at -> pools(at[2], at[3], lengths.of(at[0])));
    Tensor share =
        Tensor.generate(
            weights,
            p -> {
              int[] at = weights.index(p);
              return keep.get(p) / Math.max(1, pooled(at[2], lengths.of(at[0])));
            });
    return Ops.spmm(Ops.constant(x.tape(), share), x, keep);
  }

  private boolean pools(int row, int token, int length) {
    return token < length
        && switch (granularity) {
          case SEQUENCE -> true;
          case PREFIX -> row < length && token <= row;
          case TOKEN -> row < length && token / chunk == row / chunk;
        };
  }

  /** How many tokens a row pools. */
  private int pooled(int row, int length) {
    return switch (granularity) {
      case SEQUENCE -> length;
      case PREFIX -> row + 1;
      case TOKEN -> Math.min(chunk, length - row / chunk * chunk);
    };
  }
}
