package dev.assay.op;

import dev.assay.check.Require;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Loops over elements for the ops that need no other loop. Training spends its time in the
 * arithmetic of {@link #each} and {@link #pairs}: they are given whole loops, since one loop that
 * calls a different function for every op cannot be compiled well for any of them.
 */
final class Elementwise {
  /** All of {@code y} from {@code a}. */
  @FunctionalInterface
  interface Each {
    void run(double[] a, double[] y);
  }

  /** All of {@code y} from {@code a} and {@code b}. */
  @FunctionalInterface
  interface Pairs {
    void run(double[] a, double[] b, double[] y);
  }

  private Elementwise() {}

  static Tensor map(Tensor a, DoubleUnaryOperator f) {
    return Tensor.generate(a.shape(), p -> f.applyAsDouble(a.get(p)));
  }

  static Tensor map(Tensor a, Kernels.Function f) {
    return each(a, (x, y) -> Kernels.current().map(f, x, y));
  }

  static Tensor each(Tensor a, Each loop) {
    double[] y = new double[a.size()];
    loop.run(a.to(Storage.F64).doubles(), y);
    return Tensor.adopt(a.shape(), y);
  }

  static Tensor combine(String op, Tensor a, Tensor b, DoubleBinaryOperator f) {
    return pairs(
        op,
        a,
        b,
        (left, right, y) -> {
          for (int p = 0; p < y.length; p++) {
            y[p] = f.applyAsDouble(left[p], right[p]);
          }
        });
  }

  static Tensor pairs(String op, Tensor a, Tensor b, Pairs loop) {
    Require.argument(
        a.shape().equals(b.shape()),
        "%s got shapes %s and %s: they must agree",
        op,
        a.shape(),
        b.shape());
    double[] y = new double[a.size()];
    loop.run(a.to(Storage.F64).doubles(), b.to(Storage.F64).doubles(), y);
    return Tensor.adopt(a.shape(), y);
  }
}
