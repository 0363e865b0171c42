package dev.assay.gradcheck.onnx;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/** Heads side by side in the channels, [B, n, H d], and heads as an axis, [B, H, n, d]. */
final class Heads {
  private Heads() {}

  /**
   * The tensor as [B, H, n, d].
   *
   * @param heads number of heads if the node names it, else 0; needed for rank 3
   */
  static Tensor split(Tensor x, String name, long heads) {
    Shape shape = x.shape();
    Require.argument(
        shape.rank() == 3 || shape.rank() == 4,
        "%s has shape %s: rank 3 or 4 is needed",
        name,
        shape);
    if (shape.rank() == 4) {
      Require.argument(
          heads == 0 || heads == shape.extent(1),
          "%s has %s heads, but the node says %s",
          name,
          shape.extent(1),
          heads);
      return x;
    }
    int channels = shape.extent(2);
    Require.argument(
        heads > 0 && channels % heads == 0,
        "%s has %s channels for %s heads: a tensor of rank 3 needs a number of heads that divides them",
        name,
        channels,
        heads);
    int count = (int) heads;
    Shape apart = Shape.of(shape.extent(0), shape.extent(1), count, channels / count);
    Var leaf = new Tape().leaf(name, x);
    return Ops.permute(Ops.reshape(leaf, apart), 0, 2, 1, 3).value();
  }

  /** [B, H, n, d] as [B, n, H d]. */
  static Var join(Var x) {
    Shape shape = x.shape();
    Shape together = Shape.of(shape.extent(0), shape.extent(2), shape.extent(1) * shape.extent(3));
    return Ops.reshape(Ops.permute(x, 0, 2, 1, 3), together);
  }
}
