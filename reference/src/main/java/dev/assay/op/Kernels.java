package dev.assay.op;

import java.util.ServiceLoader;
import java.util.function.Supplier;

/**
 * The narrow door to faster linear algebra, for training. Ops do their heavy work through it;
 * unless a caller opens the door with {@link #with}, that is the naive work of {@link
 * NaiveKernels}, so that whatever is meant to be the truth never depends on what else is installed.
 *
 * <p>All numbers are fp64. An implementation gives the same bits whatever the number of threads,
 * but its sums may be ordered, fused and rounded otherwise than the naive ones.
 */
public interface Kernels {
  /** A function of one number. */
  enum Function {
    EXP,
    TANH,
    SIGMOID
  }

  /**
   * A matrix somewhere in an array: element (r, c) at {@code offset + r rowStride + c
   * columnStride}, so that a transpose is a matter of strides.
   */
  record Matrix(double[] values, int offset, int rowStride, int columnStride) {}

  /** What messages call it. */
  String id();

  /**
   * {@code y = a b}.
   *
   * @param a n x d
   * @param b d x m
   * @param y receives n x m numbers, row-major from {@code at} on
   */
  void matMul(Matrix a, Matrix b, double[] y, int at, int n, int d, int m);

  /**
   * Softmax of each row of {@code width} logits; -inf is a masked entry and gives 0, a row of
   * nothing else gives zeros, NaN and +inf make their row NaN.
   */
  void softmax(double[] s, double[] y, int width);

  /** The function of each number. */
  void map(Function f, double[] x, double[] y);

  /** What ops in this scope use. */
  static Kernels current() {
    return Door.SCOPE.orElse(NaiveKernels.INSTANCE);
  }

  /** Runs something with other kernels than the naive ones; the tape it records is the same. */
  static <T> T with(Kernels kernels, Supplier<T> work) {
    return ScopedValue.where(Door.SCOPE, kernels).call(work::get);
  }

  /** The fastest that are installed: those of a service provider, else the naive ones. */
  static Kernels fastest() {
    return ServiceLoader.load(Kernels.class, Kernels.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .findFirst()
        .orElse(NaiveKernels.INSTANCE);
  }

  /** Keeps the scope out of sight. */
  final class Door {
    private static final ScopedValue<Kernels> SCOPE = ScopedValue.newInstance();

    private Door() {}
  }
}
