package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;

/** Channels as heads: head h holds the channels h d to (h + 1) d - 1. */
public final class Heads {
  private Heads() {}

  /** [B, n, H d] as [B, H, n, d]. */
  public static Var split(Var x, int heads) {
    Shape shape = x.shape();
    Require.argument(
        shape.rank() == 3 && shape.extent(2) % heads == 0,
        "%s cannot be split into %d heads: [B, n, H d] is needed",
        shape,
        heads);
    Shape apart = Shape.of(shape.extent(0), shape.extent(1), heads, shape.extent(2) / heads);
    return Ops.permute(Ops.reshape(x, apart), 0, 2, 1, 3);
  }

  /** [B, H, n, d] as [B, n, H d]. */
  public static Var join(Var x) {
    Shape shape = x.shape();
    Require.argument(shape.rank() == 4, "%s holds no heads: [B, H, n, d] is needed", shape);
    Shape together = Shape.of(shape.extent(0), shape.extent(2), shape.extent(1) * shape.extent(3));
    return Ops.reshape(Ops.permute(x, 0, 2, 1, 3), together);
  }
}
