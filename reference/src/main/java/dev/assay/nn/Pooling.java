package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** How a sequence becomes one vector. */
final class Pooling {
  private Pooling() {}

  /**
   * The mean of the valid tokens.
   *
   * @param x [B, n, width]
   * @param lengths [B], or null for whole sequences; what lies behind is not read
   * @return [B, width]
   */
  static Var mean(Var x, @Nullable Tensor lengths) {
    Shape shape = x.shape();
    Shape pooled = Shape.of(shape.extent(0), shape.extent(2));
    if (lengths == null) {
      return Ops.reshape(Composed.mean(x, 1), pooled);
    }
    int n = shape.extent(1);
    int width = shape.extent(2);
    Tensor valid =
        Tensor.generate(shape, p -> p / width % n < lengths.get(p / (n * width)) ? 1 : 0);
    Tensor shares = Tensor.generate(pooled, p -> 1 / Math.max(1, lengths.get(p / width)));
    Var sum = Ops.reshape(Ops.sum(Ops.select(x, valid), 1), pooled);
    return Ops.mul(sum, Ops.constant(x.tape(), shares));
  }
}
