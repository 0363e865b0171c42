package dev.assay.train;

import dev.assay.check.Require;
import dev.assay.nn.Parameters;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Kingma and Ba, "Adam" (2015); with a decay that of Loshchilov and Hutter, "Decoupled weight decay
 * regularization" (2019):
 *
 * <pre>
 * m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g^2
 * w = w - rate (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps) + decay w)
 * </pre>
 *
 * <p>t counts the steps of the optimiser. Only parameters of two axes or more decay, so gains and
 * offsets do not.
 */
public final class Adam implements Optimizer {
  /** The usual rate of small models that are trained with the constants of {@link #plain}. */
  public static final double RATE = 1e-4;

  private static final String STEP = "step";

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double decay;
  private final SequencedMap<String, double[]> mean = new LinkedHashMap<>();
  private final SequencedMap<String, double[]> square = new LinkedHashMap<>();
  private int steps;

  /** With all constants; a decay of 0 is plain Adam. */
  public Adam(double beta1, double beta2, double eps, double decay) {
    Require.argument(
        beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1,
        "the betas are %s and %s: they must lie in [0, 1)",
        beta1,
        beta2);
    Require.argument(eps > 0, "eps is %s: it must be positive", eps);
    Require.argument(decay >= 0, "the decay is %s: it must not be negative", decay);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.eps = eps;
    this.decay = decay;
  }

  /** Adam with the constants of its paper: 0.9, 0.999, 1e-8. */
  public static Adam plain() {
    return new Adam(0.9, 0.999, 1e-8, 0);
  }

  /** AdamW. */
  public static Adam decoupled(double decay) {
    return new Adam(0.9, 0.999, 1e-8, decay);
  }

  @Override
  public String id() {
    return decay == 0 ? "adam" : "adamw";
  }

  @Override
  public void step(Parameters parameters, Map<String, Tensor> gradients, double rate) {
    steps++;
    double first = 1 - StrictMath.pow(beta1, steps);
    double second = 1 - StrictMath.pow(beta2, steps);
    gradients.forEach(
        (name, gradient) -> {
          double[] g = Optimizer.finite(name, gradient);
          double[] m = mean.computeIfAbsent(name, it -> new double[g.length]);
          double[] v = square.computeIfAbsent(name, it -> new double[g.length]);
          Tensor before = parameters.get(name);
          double shrink = before.shape().rank() >= 2 ? decay : 0;
          double[] w = before.toDoubles();
          for (int p = 0; p < w.length; p++) {
            m[p] = beta1 * m[p] + (1 - beta1) * g[p];
            v[p] = beta2 * v[p] + (1 - beta2) * g[p] * g[p];
            double move = m[p] / first / (Math.sqrt(v[p] / second) + eps);
            w[p] -= rate * (move + shrink * w[p]);
          }
          parameters.set(name, Tensor.adopt(before.shape(), w));
        });
  }

  @Override
  public SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> state = new LinkedHashMap<>();
    state.put(STEP, Tensor.scalar(steps));
    mean.forEach((name, m) -> state.put("mean/" + name, Tensor.of(Shape.of(m.length), m)));
    square.forEach((name, v) -> state.put("square/" + name, Tensor.of(Shape.of(v.length), v)));
    return state;
  }

  @Override
  public void restore(Map<String, Tensor> state) {
    mean.clear();
    square.clear();
    steps = 0;
    state.forEach(
        (name, value) -> {
          if (name.startsWith("mean/")) {
            mean.put(name.substring("mean/".length()), value.toDoubles());
          } else if (name.startsWith("square/")) {
            square.put(name.substring("square/".length()), value.toDoubles());
          } else if (name.equals(STEP)) {
            steps = (int) value.get(0);
          } else {
            throw new IllegalArgumentException("adam remembers no " + name);
          }
        });
  }
}
