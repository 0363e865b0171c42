package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The same elements in row-major order under another shape. {@code dx} is {@code dy} in the shape
 * of x.
 *
 * @param shape the new extents
 */
public record Reshape(Shape shape) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return x.get(0).reshape(shape);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.reshape(dy, x.get(0).shape()));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return forward(dx);
  }
}
