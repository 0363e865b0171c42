package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reorders axes: axis a of the result is axis {@code axes[a]} of x. {@code dx} is the inverse order
 * of {@code dy}.
 *
 * @param axes a permutation of 0 to rank - 1
 */
public record Permute(int[] axes) implements Primitive {
  /** Checks that it is a permutation. */
  public Permute {
    boolean[] seen = new boolean[axes.length];
    for (int axis : axes) {
      Require.index(axis, axes.length, "an axis of Permute");
      Require.argument(!seen[axis], "Permute names axis %d twice: name every axis once", axis);
      seen[axis] = true;
    }
  }

  @Override
  public Tensor forward(List<Tensor> x) {
    Shape shape = x.get(0).shape();
    Require.argument(
        shape.rank() == axes.length,
        "Permute of %d axes got shape %s: the ranks must agree",
        axes.length,
        shape);
    int[] own = shape.strides();
    int[] extents = new int[axes.length];
    int[] strides = new int[axes.length];
    for (int a = 0; a < axes.length; a++) {
      extents[a] = shape.extent(axes[a]);
      strides[a] = own[axes[a]];
    }
    Shape result = Shape.of(extents);
    return Positions.take(x.get(0), Positions.of(result, strides), result);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    int[] inverse = new int[axes.length];
    for (int a = 0; a < axes.length; a++) {
      inverse[axes[a]] = a;
    }
    return List.of(Ops.permute(dy, inverse));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return forward(dx);
  }
}
