package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Straight-through estimator: the value of {@code hard} with the gradient of {@code soft}; both of
 * one shape. {@code d_hard} is absent by design, {@code d_soft = dy}.
 *
 * <p>Its surrogate graph, on which its gradient is exact, is the same graph with {@code y = soft}.
 * Source: Bengio, Leonard and Courville, "Estimating or propagating gradients through stochastic
 * neurons for conditional computation" (2013).
 */
public record StraightThrough() implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    Require.argument(
        x.get(0).shape().equals(x.get(1).shape()),
        "StraightThrough got shapes %s and %s: they must agree",
        x.get(0).shape(),
        x.get(1).shape());
    return x.get(0);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return Arrays.asList(null, dy);
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return dx.get(1);
  }
}
