package dev.assay.train;

import dev.assay.check.Require;
import dev.assay.nn.Parameters;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Stochastic gradient descent with momentum: {@code u = momentum u + g, w = w - rate u}. */
public final class Sgd implements Optimizer {
  private final double momentum;
  private final SequencedMap<String, double[]> speed = new LinkedHashMap<>();

  /**
   * A descent.
   *
   * @param momentum in [0, 1); 0 for none
   */
  public Sgd(double momentum) {
    Require.argument(
        momentum >= 0 && momentum < 1, "momentum is %s: it must lie in [0, 1)", momentum);
    this.momentum = momentum;
  }

  @Override
  public String id() {
    return "sgd";
  }

  @Override
  public void step(Parameters parameters, Map<String, Tensor> gradients, double rate) {
    gradients.forEach(
        (name, gradient) -> {
          double[] g = Optimizer.finite(name, gradient);
          double[] u = speed.computeIfAbsent(name, it -> new double[g.length]);
          Tensor before = parameters.get(name);
          double[] w = before.toDoubles();
          for (int p = 0; p < w.length; p++) {
            u[p] = momentum * u[p] + g[p];
            w[p] -= rate * u[p];
          }
          parameters.set(name, Tensor.adopt(before.shape(), w));
        });
  }

  @Override
  public SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> state = new LinkedHashMap<>();
    speed.forEach((name, u) -> state.put("speed/" + name, Tensor.of(Shape.of(u.length), u)));
    return state;
  }

  @Override
  public void restore(Map<String, Tensor> state) {
    speed.clear();
    state.forEach(
        (name, value) -> {
          Require.argument(name.startsWith("speed/"), "sgd remembers no %s", name);
          speed.put(name.substring("speed/".length()), value.toDoubles());
        });
  }
}
