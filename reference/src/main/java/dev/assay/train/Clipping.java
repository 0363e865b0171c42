package dev.assay.train;

import dev.assay.check.Require;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Keeps the norm of all gradients together below a bound: Pascanu, Mikolov and Bengio, "On the
 * difficulty of training recurrent neural networks" (2013).
 */
public final class Clipping {
  private Clipping() {}

  /** {@code sqrt(sum of all squares)}, in the order of the map. */
  public static double norm(Map<String, Tensor> gradients) {
    double sum = 0;
    for (Tensor gradient : gradients.values()) {
      for (int p = 0; p < gradient.size(); p++) {
        sum += gradient.get(p) * gradient.get(p);
      }
    }
    return Math.sqrt(sum);
  }

  /** The gradients, scaled by {@code bound / norm} where their norm is larger. */
  public static SequencedMap<String, Tensor> clip(
      SequencedMap<String, Tensor> gradients, double bound) {
    Require.argument(bound > 0, "the bound of the norm is %s: it must be positive", bound);
    double norm = norm(gradients);
    if (norm <= bound) {
      return gradients;
    }
    SequencedMap<String, Tensor> clipped = new LinkedHashMap<>();
    gradients.forEach(
        (name, gradient) ->
            clipped.put(
                name, Tensor.generate(gradient.shape(), p -> gradient.get(p) * (bound / norm))));
    return clipped;
  }
}
