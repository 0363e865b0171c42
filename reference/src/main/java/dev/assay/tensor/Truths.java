package dev.assay.tensor;

import dev.assay.check.Require;
import java.util.Arrays;

/** Tensors of yes and no: their elements are 1 and 0. */
public final class Truths {
  private Truths() {}

  /**
   * Checks that every element is 0 or 1 and returns the tensor.
   *
   * @throws IllegalArgumentException with the first element that is neither, NaN included
   */
  public static Tensor require(Tensor tensor, String name) {
    for (int p = 0; p < tensor.size(); p++) {
      double value = tensor.get(p);
      Require.argument(
          value == 0 || value == 1,
          "%s holds %s at %s: it must hold 0 and 1 alone",
          name,
          value,
          Arrays.toString(tensor.shape().index(p)));
    }
    return tensor;
  }
}
