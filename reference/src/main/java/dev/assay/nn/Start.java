package dev.assay.nn;

import dev.assay.check.Require;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/** What a parameter is before it has learned: numbers from a generator, or the same everywhere. */
@FunctionalInterface
public interface Start {
  /** Standard deviation of {@link Philox#bell}: 2^16 sqrt(8/12). */
  double BELL_DEVIATION = 65536 * StrictMath.sqrt(8.0 / 12);

  /** The number at a row-major position. */
  double at(Philox generator, long position);

  /** A tensor of such numbers. */
  default Tensor draw(Philox generator, Shape shape) {
    return Tensor.generate(shape, p -> at(generator, p));
  }

  /** The same number everywhere. */
  static Start constant(double value) {
    return (generator, position) -> value;
  }

  /** Zeros. */
  static Start zeros() {
    return constant(0);
  }

  /** Ones. */
  static Start ones() {
    return constant(1);
  }

  /** Bell-shaped numbers with mean 0 and this standard deviation; the largest is 4.9 of them. */
  static Start bell(double deviation) {
    Require.finite(deviation, "the deviation of a start");
    // The mean of the generator's integers is -4.
    return (generator, position) -> (generator.bell(position) + 4) * (deviation / BELL_DEVIATION);
  }

  /**
   * Bell-shaped with deviation {@code sqrt(2 / (in + out))}: Glorot and Bengio, "Understanding the
   * difficulty of training deep feedforward neural networks" (2010).
   */
  static Start balanced(int in, int out) {
    return bell(StrictMath.sqrt(2.0 / (Require.positive(in, "in") + out)));
  }
}
