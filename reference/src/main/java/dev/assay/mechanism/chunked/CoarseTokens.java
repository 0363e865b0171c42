package dev.assay.mechanism.chunked;

import dev.assay.autograd.Var;
import dev.assay.mechanism.KeepMask;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.function.IntUnaryOperator;

/**
 * Tokens gathered by {@code width}: coarse token I holds the tokens from I width on. Those behind a
 * length have no part.
 *
 * @param width tokens in a coarse token
 * @param length valid tokens of each batch entry
 */
record CoarseTokens(int width, IntUnaryOperator length) {
  /** How many there are for n tokens. */
  int count(int n) {
    return Math.ceilDiv(n, width);
  }

  /** How many valid tokens a coarse one holds. */
  int valid(int b, int coarse) {
    return Math.clamp((long) length.applyAsInt(b) - (long) coarse * width, 0, width);
  }

  /** The sum of x [B, H, n, d] over the valid tokens of each; [B, H, count, d]. */
  Var sum(Var x) {
    Shape shape = x.shape();
    int n = shape.extent(2);
    int coarse = count(n);
    Var valid = Ops.select(x, KeepMask.where(shape, at -> at[2] < length.applyAsInt(at[0])));
    if (width == 1) {
      return valid;
    }
    Var padded = Ops.pad(valid, 2, 0, coarse * width - n);
    Shape apart = Shape.of(shape.extent(0), shape.extent(1), coarse, width, shape.extent(3));
    return Ops.reshape(Ops.sum(Ops.reshape(padded, apart), 3), shape.with(2, coarse));
  }

  /** The mean over the valid tokens of each, 0 where there is none. */
  Var mean(Var x) {
    if (width == 1) {
      return sum(x);
    }
    Shape factors = Shape.of(x.shape().extent(0), 1, count(x.shape().extent(2)), 1);
    Tensor share =
        Tensor.generate(
            factors,
            p -> {
              int[] at = factors.index(p);
              return 1.0 / Math.max(valid(at[0], at[2]), 1);
            });
    return Ops.mul(sum(x), Ops.constant(x.tape(), share));
  }

  /** log of the valid tokens of each, as a bias of keys; [B, 1, 1, count]. */
  Tensor logCounts(int batches, int n) {
    Shape shape = Shape.of(batches, 1, 1, count(n));
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          return StrictMath.log(valid(at[0], at[3]));
        });
  }

  /** Every token gets what its coarse token has: x along axis 2, to n tokens. */
  Var spread(Var x, int n) {
    int[] from = new int[n];
    for (int i = 0; i < n; i++) {
      from[i] = i / width;
    }
    return Ops.gather(x, 2, from);
  }
}
