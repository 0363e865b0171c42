package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Repeats x until it has the given shape: axes align at the end, extent 1 stretches, missing axes
 * are added in front. {@code dx} is {@link SumTo} of {@code dy}.
 *
 * @param shape the extents of the result
 */
public record Broadcast(Shape shape) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return Positions.take(x.get(0), Positions.broadcast(x.get(0).shape(), shape), shape);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.sumTo(dy, x.get(0).shape()));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return forward(dx);
  }
}
