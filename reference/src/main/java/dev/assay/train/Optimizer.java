package dev.assay.train;

import dev.assay.check.Require;
import dev.assay.nn.Parameters;
import dev.assay.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;

/** Moves parameters against their gradients. A parameter without a gradient stays. */
public interface Optimizer {
  /** What a checkpoint calls it. */
  String id();

  /**
   * One step.
   *
   * @param gradients by name of the parameter
   * @param rate how far
   * @throws IllegalArgumentException if a gradient is not finite
   */
  void step(Parameters parameters, Map<String, Tensor> gradients, double rate);

  /** All that it remembers between steps, by name. */
  SequencedMap<String, Tensor> state();

  /** Goes on from a state. */
  void restore(Map<String, Tensor> state);

  /** Refuses a gradient with NaN or infinity: the parameters would be lost. */
  static double[] finite(String name, Tensor gradient) {
    double[] values = gradient.toDoubles();
    for (double value : values) {
      Require.argument(
          Double.isFinite(value),
          "the gradient of %s holds %s: lower the rate, or clip",
          name,
          value);
    }
    return values;
  }
}
