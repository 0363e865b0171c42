package dev.assay.wiring;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** What an expression comes to. */
sealed interface Value {
  /** A number: a size, a factor. */
  record Scalar(double number) implements Value {}

  /**
   * Numbers that no gradient has been asked of: choices, and tensors of the files until something
   * differentiable reads them.
   *
   * @param tensor the numbers
   * @param file what the files call it, or null if it was worked out
   */
  record Plain(Tensor tensor, @Nullable String file) implements Value {}

  /** A value on the tape. */
  record Recorded(Var var) implements Value {}
}
