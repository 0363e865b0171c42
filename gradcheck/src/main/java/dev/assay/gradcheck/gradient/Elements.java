package dev.assay.gradcheck.gradient;

import dev.assay.check.Require;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.Arrays;

/** Compares tensors element by element. */
final class Elements {
  private Elements() {}

  static void compare(
      String name, Tensor value, Tensor expected, Tolerance[] tolerances, Tally tally) {
    Require.state(
        value.shape().equals(expected.shape()),
        "%s has shape %s, not %s",
        name,
        value.shape(),
        expected.shape());
    for (int p = 0; p < tolerances.length; p++) {
      String where = name + Arrays.toString(value.shape().index(p));
      tally.compare(where, value.get(p), expected.get(p), tolerances[p]);
    }
  }
}
