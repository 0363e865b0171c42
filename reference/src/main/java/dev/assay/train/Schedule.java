package dev.assay.train;

import dev.assay.check.Require;

/** The rate of each step; steps count from 0. */
@FunctionalInterface
public interface Schedule {
  /** The rate of a step. */
  double rate(int step);

  /** Always the same. */
  static Schedule constant(double rate) {
    Require.argument(rate > 0 && Double.isFinite(rate), "the rate is %s: it must be > 0", rate);
    return step -> rate;
  }

  /**
   * Falls from {@code rate} to 0 along half a wave: {@code rate (1 + cos(pi step / steps)) / 2};
   * Loshchilov and Hutter, "SGDR" (2017), without restarts.
   */
  static Schedule cosine(double rate, int steps) {
    Schedule top = constant(rate);
    Require.positive(steps, "steps");
    return step ->
        top.rate(step) * (1 + StrictMath.cos(Math.PI * Math.min(step, steps) / steps)) / 2;
  }

  /**
   * {@code rate min(1, sqrt(steps / (step + 1)))} after a {@link #warmUp} of {@code steps}: Vaswani
   * et al., "Attention is all you need" (2017), with the top of the curve as rate.
   */
  static Schedule inverseRoot(double rate, int steps) {
    Schedule top = constant(rate);
    Require.positive(steps, "steps");
    return step -> top.rate(step) * Math.min(1, Math.sqrt((double) steps / (step + 1)));
  }

  /** This schedule, its first {@code steps} steps scaled by {@code (step + 1) / steps}. */
  default Schedule warmUp(int steps) {
    Require.notNegative(steps, "steps");
    return step -> rate(step) * (steps == 0 ? 1 : Math.min(1, (step + 1.0) / steps));
  }
}
