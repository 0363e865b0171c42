package dev.assay.op;

import dev.assay.check.Require;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Loops over elements for the ops that need no other loop. */
final class Elementwise {
  private Elementwise() {}

  static Tensor map(Tensor a, DoubleUnaryOperator f) {
    return Tensor.generate(a.shape(), p -> f.applyAsDouble(a.get(p)));
  }

  static Tensor map(Tensor a, Kernels.Function f) {
    double[] y = new double[a.size()];
    Kernels.current().map(f, a.to(Storage.F64).doubles(), y);
    return Tensor.adopt(a.shape(), y);
  }

  static Tensor combine(String op, Tensor a, Tensor b, DoubleBinaryOperator f) {
    Require.argument(
        a.shape().equals(b.shape()),
        "%s got shapes %s and %s: they must agree",
        op,
        a.shape(),
        b.shape());
    return Tensor.generate(a.shape(), p -> f.applyAsDouble(a.get(p), b.get(p)));
  }
}
