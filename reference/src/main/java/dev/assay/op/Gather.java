package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Slab s of the result is slab {@code index[s]} of x along an axis; an index may occur often or
 * never. {@code dx} is {@link ScatterAdd} of {@code dy}.
 *
 * @param axis which axis, from 0
 * @param index which slabs, from 0
 */
public record Gather(int axis, int[] index) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    Shape shape = x.get(0).shape();
    Shape taken = shape.with(axis, index.length);
    Lanes in = Lanes.of(shape, axis);
    Lanes out = Lanes.of(taken, axis);
    double[] y = new double[taken.size()];
    for (int o = 0; o < in.outer(); o++) {
      for (int s = 0; s < index.length; s++) {
        in.copy(o, x.get(0), Require.index(index[s], in.extent(), "a gathered index"), out, y, s);
      }
    }
    return Tensor.adopt(taken, y);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.scatterAdd(dy, axis, index, x.get(0).shape().extent(axis)));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return forward(dx);
  }
}
