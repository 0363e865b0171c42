package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.mechanism.KeepMask;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.function.IntUnaryOperator;

/**
 * Rows of blocks from rows of tokens: block I covers the tokens I size to (I + 1) size - 1, as far
 * as they lie within the length of their batch entry. A block without a valid token gives zeros;
 * what lies behind a length is never read.
 *
 * @param size tokens in a block
 * @param lengths valid tokens of a batch entry
 */
record BlockPooling(int size, IntUnaryOperator lengths) {
  /** How many blocks n tokens make; the last may be short. */
  int blocks(int n) {
    return Math.ceilDiv(n, size);
  }

  /** The number of valid tokens in a block. */
  int valid(int b, int block) {
    return Math.clamp(lengths.applyAsInt(b) - (long) block * size, 0, size);
  }

  /** Means over valid tokens: x [B, H, n, d] as [B, H, N, d]. */
  Var mean(Var x) {
    int tokens = x.shape().extent(2);
    Shape shares = x.shape().with(2, blocks(tokens)).with(3, tokens);
    Tensor keep =
        KeepMask.where(shares, at -> at[3] / size == at[2] && at[3] < lengths.applyAsInt(at[0]));
    Tensor share =
        Tensor.generate(
            shares,
            p -> {
              int[] at = shares.index(p);
              return keep.get(p) / Math.max(1, valid(at[0], at[2]));
            });
    return Ops.spmm(Ops.constant(x.tape(), share), x, keep);
  }

  /** The largest valid element of each channel; the gradient goes to the first of equals. */
  Var max(Var x) {
    return extreme(x, 1);
  }

  /** The smallest valid element of each channel. */
  Var min(Var x) {
    return extreme(x, -1);
  }

  private Var extreme(Var x, int sign) {
    Shape pooled = x.shape().with(2, blocks(x.shape().extent(2)));
    int[] winners = new int[pooled.size()];
    for (int p = 0; p < winners.length; p++) {
      winners[p] = winner(x, pooled.index(p), sign);
    }
    Var flat = Ops.reshape(x, Shape.of(x.shape().size()));
    Var found = Ops.reshape(Ops.gather(flat, 0, winners), pooled);
    return Ops.select(found, KeepMask.where(pooled, at -> valid(at[0], at[2]) > 0));
  }

  private int winner(Var x, int[] at, int sign) {
    int first = x.shape().offset(at[0], at[1], at[2] * size, at[3]);
    int stride = x.shape().extent(3);
    int best = first;
    for (int token = 1; token < valid(at[0], at[2]); token++) {
      int p = first + token * stride;
      best = sign * x.value().get(p) > sign * x.value().get(best) ? p : best;
    }
    return best;
  }
}
