package dev.assay.gradcheck.guess;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The softmax scale is another one. Multiplying the scale by f is multiplying q by f, for every
 * mechanism: first the factors that mistakes have, then the one that fits best ({@link
 * FactorStep}).
 */
final class OtherScale implements Guess {
  private static final int ITERATIONS = 4;

  @Override
  public Optional<String> look(Failure failure) {
    Tensor q = failure.inputs().get("q");
    if (q == null || q.shape().rank() != 4) {
      return Optional.empty();
    }
    Map<String, Double> mistakes = new LinkedHashMap<>();
    double root = Math.sqrt(q.shape().extent(3));
    mistakes.put("applied twice", 1 / root);
    mistakes.put("missing", root);
    mistakes.put("times ln 2: powers of 2 instead of e?", StrictMath.log(2));
    mistakes.put("times log2 e: applied, but powers of e?", 1 / StrictMath.log(2));
    Tensor v = failure.inputs().get("v");
    if (v != null && v.shape().extent(-1) != q.shape().extent(3)) {
      mistakes.put("made from d_v instead of d", root / Math.sqrt(v.shape().extent(-1)));
    }
    for (Map.Entry<String, Double> mistake : mistakes.entrySet()) {
      if (matches(failure, mistake.getValue())) {
        return Optional.of("the result is that of a scale " + mistake.getKey());
      }
    }
    double fitted = fit(failure);
    return Math.abs(fitted - 1) > 1e-7 && matches(failure, fitted)
        ? Optional.of(
            String.format(
                Locale.ROOT, "the result is that of the scale times %.4f: scale?", fitted))
        : Optional.empty();
  }

  private static boolean matches(Failure failure, double factor) {
    return scaled(failure, factor).map(failure::matches).orElse(false);
  }

  private static double fit(Failure failure) {
    double factor = 1;
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      Optional<Tensor> here = scaled(failure, factor);
      Optional<Tensor> beside = scaled(failure, factor * (1 + FactorStep.DIFFERENCE));
      if (here.isEmpty() || beside.isEmpty()) {
        return 1;
      }
      factor *= 1 + step(failure.compared(), here.get(), beside.get());
      if (!(factor > 0.5 && factor < 2)) {
        return 1;
      }
    }
    return factor;
  }

  private static double step(Comparison compared, Tensor here, Tensor beside) {
    FactorStep newton = new FactorStep();
    for (int p = 0; p < here.size(); p++) {
      newton.add(compared, p, here.get(p), beside.get(p));
    }
    return newton.step();
  }

  /** The tensor as it is with q times the factor; dq then has the factor too. */
  private static Optional<Tensor> scaled(Failure failure, double factor) {
    Tensor q = failure.inputs().get("q");
    if (q == null) {
      return Optional.empty();
    }
    Shape shape = q.shape();
    Tensor larger = Tensor.generate(shape, p -> factor * q.get(p));
    Optional<Tensor> found =
        failure
            .oracle()
            .results(
                "scale times " + factor,
                failure.golden().mechanism(),
                failure.oracle().with("q", larger))
            .map(results -> results.get(failure.tensor()));
    return failure.tensor().equals("dq")
        ? found.map(dq -> Tensor.generate(shape, p -> factor * dq.get(p)))
        : found;
  }
}
