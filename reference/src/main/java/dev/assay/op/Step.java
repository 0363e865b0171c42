package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = 1} where {@code x >= theta}, else 0; NaN counts as below. Constant almost everywhere,
 * so no gradient, by design.
 *
 * @param theta the threshold
 */
public record Step(double theta) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    return Elementwise.map(x.get(0), a -> a >= theta ? 1 : 0);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return Collections.singletonList(null);
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return Tensor.zeros(y.shape());
  }
}
