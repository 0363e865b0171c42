package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements {@code from <= index < to} along an axis. {@code dx} is {@link Pad} of {@code dy}.
 *
 * @param axis which axis, from 0
 * @param from first index
 * @param to one past the last index
 */
public record Slice(int axis, int from, int to) implements Primitive {
  /** Checks the order of the bounds. */
  public Slice {
    Require.argument(
        0 <= from && from <= to, "a slice runs from %d to %d: bounds must ascend from 0", from, to);
  }

  @Override
  public Tensor forward(List<Tensor> x) {
    Shape shape = x.get(0).shape();
    Require.argument(
        to <= shape.extent(axis), "a slice to %d of axis %d leaves shape %s", to, axis, shape);
    Lanes in = Lanes.of(shape, axis);
    int width = (to - from) * in.inner();
    return Tensor.generate(
        shape.with(axis, to - from),
        p -> x.get(0).get((p / width * in.extent() + from) * in.inner() + p % width));
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.pad(dy, axis, from, x.get(0).shape().extent(axis) - to));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return forward(dx);
  }
}
