package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Slab t of the result is the sum of the slabs s of x with {@code index[s] = t} along an axis,
 * added in ascending s; 0 where there is none. {@code dx} is {@link Gather} of {@code dy}.
 *
 * @param axis which axis, from 0
 * @param index where each slab goes, from 0
 * @param extent how many slabs the result has
 */
public record ScatterAdd(int axis, int[] index, int extent) implements Primitive {
  /** Checks that every slab has a place. */
  public ScatterAdd {
    for (int target : index) {
      Require.index(target, extent, "a scattered index");
    }
  }

  @Override
  public Tensor forward(List<Tensor> x) {
    Shape shape = x.get(0).shape();
    Require.argument(
        shape.extent(axis) == index.length,
        "ScatterAdd got %d indices for axis %d of shape %s: give one a slab",
        index.length,
        axis,
        shape);
    Shape wide = shape.with(axis, extent);
    Lanes in = Lanes.of(shape, axis);
    Lanes out = Lanes.of(wide, axis);
    double[] y = new double[wide.size()];
    for (int o = 0; o < in.outer(); o++) {
      for (int s = 0; s < index.length; s++) {
        in.add(o, x.get(0), s, out, y, index[s]);
      }
    }
    return Tensor.adopt(wide, y);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.gather(dy, axis, index));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return forward(dx);
  }
}
