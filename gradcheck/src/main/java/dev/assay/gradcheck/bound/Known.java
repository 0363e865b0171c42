package dev.assay.gradcheck.bound;

import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A value on the tape and how far an implementation's own value may lie from it.
 *
 * @param value the number in fp64
 * @param error absolute error of each element, or null if the value is exact
 */
record Known(Tensor value, double @Nullable [] error) {
  /** The absolute error of the element at a row-major position. */
  double errorAt(int position) {
    return error == null ? 0 : error[position];
  }

  /** The error of element {@code position}, read from an array that is null for exact values. */
  static double at(double @Nullable [] error, int position) {
    return error == null ? 0 : error[position];
  }
}
