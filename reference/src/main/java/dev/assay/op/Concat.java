package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any number of tensors, one behind the other along an axis; all other extents agree. Each {@code
 * dx} is its {@link Slice} of {@code dy}.
 *
 * @param axis which axis, from 0
 */
public record Concat(int axis) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    Shape first = x.getFirst().shape();
    int extent = 0;
    for (Tensor part : x) {
      extent += part.shape().extent(axis);
      Require.argument(
          part.shape().with(axis, 0).equals(first.with(axis, 0)),
          "Concat along axis %d got shapes %s and %s: the other extents must agree",
          axis,
          first,
          part.shape());
    }
    Shape shape = first.with(axis, extent);
    Lanes out = Lanes.of(shape, axis);
    double[] y = new double[shape.size()];
    int start = 0;
    for (Tensor part : x) {
      Lanes in = Lanes.of(part.shape(), axis);
      for (int o = 0; o < in.outer(); o++) {
        for (int s = 0; s < in.extent(); s++) {
          in.copy(o, part, s, out, y, start + s);
        }
      }
      start += in.extent();
    }
    return Tensor.adopt(shape, y);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    List<@Nullable Var> parts = new ArrayList<>();
    int start = 0;
    for (Var part : x) {
      int extent = part.shape().extent(axis);
      parts.add(Ops.slice(dy, axis, start, start + extent));
      start += extent;
    }
    return parts;
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return forward(dx);
  }
}
