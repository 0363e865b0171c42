package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sums x, in row-major order, to a shape that could be broadcast back to it. {@code dx} is {@link
 * Broadcast} of {@code dy}.
 *
 * @param shape the extents of the result
 */
public record SumTo(Shape shape) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    int[] positions = Positions.broadcast(shape, x.get(0).shape());
    double[] from = x.get(0).to(Storage.F64).doubles();
    double[] y = new double[shape.size()];
    for (int p = 0; p < positions.length; p++) {
      y[positions[p]] += from[p];
    }
    return Tensor.adopt(shape, y);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.broadcast(dy, x.get(0).shape()));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return forward(dx);
  }
}
