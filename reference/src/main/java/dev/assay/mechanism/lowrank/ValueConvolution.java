package dev.assay.mechanism.lowrank;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Softmax;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;

/**
 * A convolution of the values of each head along the sequence, the same for all channels: {@code
 * y_ic = sum_u w_hu v_(i + u - (w - 1)/2), c}, with 0 outside.
 *
 * @param weights [H, w]
 * @param heads H
 */
record ValueConvolution(Var weights, int heads) {
  /** Checks the weights. */
  ValueConvolution {
    Shape shape = weights.shape();
    Require.argument(
        shape.rank() == 2 && shape.extent(0) == heads && shape.extent(1) % 2 == 1,
        "conv has shape %s: [%d, w] with an odd w is needed",
        shape,
        heads);
  }

  /** The result [B, H, n, d_v] of values [B, H_kv, n, d_v]. */
  Var of(Var values) {
    Var v = Softmax.perQueryHead(values, heads);
    int width = weights.shape().extent(1);
    int n = v.shape().extent(2);
    Var padded = Ops.pad(v, 2, width / 2, width / 2);
    Var sum = Ops.mul(weight(0), Ops.slice(padded, 2, 0, n));
    for (int u = 1; u < width; u++) {
      sum = Ops.add(sum, Ops.mul(weight(u), Ops.slice(padded, 2, u, u + n)));
    }
    return sum;
  }

  private Var weight(int u) {
    return Ops.reshape(Ops.slice(weights, 1, u, u + 1), Shape.of(1, heads, 1, 1));
  }
}
