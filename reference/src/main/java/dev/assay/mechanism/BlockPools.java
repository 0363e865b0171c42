package dev.assay.mechanism;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * Blocks of tokens summarised channel by channel over their valid tokens: x [B, H, n, d] becomes
 * [B, H, N, d]. A block without valid tokens gives 0, and what lies behind a length is never read.
 */
public final class BlockPools {
  private final int size;
  private final int[] lengths;

  /**
   * Pools over blocks.
   *
   * @param size tokens in a block; the last may be short
   * @param lengths valid tokens of each batch entry
   */
  public BlockPools(int size, int[] lengths) {
    this.size = Require.positive(size, "block");
    this.lengths = lengths.clone();
  }

  /** Pools over the keys of a problem. */
  public static BlockPools ofKeys(AttentionProblem problem, int size) {
    return new BlockPools(
        size, IntStream.range(0, problem.batches()).map(problem::keyLength).toArray());
  }

  /** Pools over the queries of a problem. */
  public static BlockPools ofQueries(AttentionProblem problem, int size) {
    return new BlockPools(
        size, IntStream.range(0, problem.batches()).map(problem::queryLength).toArray());
  }

  /** The mean of each block. */
  public Var mean(Var x) {
    Shape pooled = pooled(x);
    int tokens = x.shape().extent(2);
    Shape weights = pooled.with(3, tokens);
    Tensor keep = KeepMask.where(weights, at -> at[3] / size == at[2] && at[3] < lengths[at[0]]);
    Tensor share =
        Tensor.generate(
            weights,
            p -> {
              int[] at = weights.index(p);
              return keep.get(p) / Math.max(1, valid(at[0], at[2]));
            });
    return Ops.spmm(Ops.constant(x.tape(), share), x, keep);
  }

  /** The largest element of each block and channel; the first of equals has the gradient. */
  public Var max(Var x) {
    return extreme(x, 1);
  }

  /** The smallest element of each block and channel; the first of equals has the gradient. */
  public Var min(Var x) {
    return extreme(x, -1);
  }

  private Var extreme(Var x, int sign) {
    Shape pooled = pooled(x);
    int[] index = new int[pooled.size()];
    for (int p = 0; p < index.length; p++) {
      index[p] = extreme(x.value(), pooled.index(p), sign);
    }
    Var flat = Ops.reshape(x, Shape.of(x.shape().size()));
    Var found = Ops.reshape(Ops.gather(flat, 0, index), pooled);
    return Ops.select(found, KeepMask.where(pooled, at -> valid(at[0], at[2]) > 0));
  }

  /** Position of the extreme element that a pooled one is; of its first token if there is none. */
  private int extreme(Tensor x, int[] at, int sign) {
    int first = x.shape().offset(at[0], at[1], at[2] * size, at[3]);
    int stride = x.shape().extent(3);
    int best = first;
    for (int token = 1; token < valid(at[0], at[2]); token++) {
      int here = first + token * stride;
      boolean better = sign * x.get(here) > sign * x.get(best) || Double.isNaN(x.get(here));
      best = better ? here : best;
    }
    return best;
  }

  private Shape pooled(Var x) {
    return x.shape().with(2, Math.ceilDiv(x.shape().extent(2), size));
  }

  private int valid(int b, int block) {
    return Math.clamp((long) lengths[b] - (long) block * size, 0, size);
  }
}
