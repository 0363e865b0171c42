package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = x} where keep is not 0, else 0; what lies elsewhere is never read. {@code dx} is the
 * same selection of {@code dy}.
 *
 * @param keep 0 or 1, in the shape of x
 */
public record Select(Tensor keep) implements Primitive {
  @Override
  public Tensor forward(List<Tensor> x) {
    Tensor a = x.get(0);
    Require.argument(
        a.shape().equals(keep.shape()),
        "Select got %s with keep of shape %s: they must agree",
        a.shape(),
        keep.shape());
    return Tensor.generate(a.shape(), p -> keep.get(p) != 0 ? a.get(p) : 0);
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return List.of(Ops.select(dy, keep));
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return forward(dx);
  }
}
