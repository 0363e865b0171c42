package dev.assay.gradcheck.precision;

import dev.assay.tensor.Tensor;

/**
 * Rounds to one format by one rule.
 *
 * @param format of the results
 * @param rule how
 * @param dice of the stochastic rule
 */
record Rounder(NumberFormat format, RoundingRule rule, Dice dice) {
  /** One number. */
  double of(double x) {
    return format.round(x, rule, dice);
  }

  /** Every element. */
  Tensor of(Tensor x) {
    return Tensor.generate(x.shape(), p -> of(x.get(p)));
  }
}
