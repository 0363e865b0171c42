package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * x with zeros before and after it along an axis. {@code dx} is {@link Slice} of {@code dy}.
 *
 * @param axis which axis, from 0
 * @param before how many zeros in front
 * @param after how many zeros behind
 */
public record Pad(int axis, int before, int after) implements Primitive {
  /** Checks the counts. */
  public Pad {
    Require.notNegative(before, "the padding in front");
    Require.notNegative(after, "the padding behind");
  }

  @Override
  public Tensor forward(List<Tensor> x) {
    Shape shape = x.get(0).shape();
    Shape padded = shape.with(axis, before + shape.extent(axis) + after);
    Lanes in = Lanes.of(shape, axis);
    Lanes out = Lanes.of(padded, axis);
    double[] y = new double[padded.size()];
    for (int o = 0; o < in.outer(); o++) {
      for (int s = 0; s < in.extent(); s++) {
        in.copy(o, x.get(0), s, out, y, before + s);
      }
    }
    return Tensor.adopt(padded, y);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.slice(dy, axis, before, before + x.get(0).shape().extent(axis)));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return forward(dx);
  }
}
