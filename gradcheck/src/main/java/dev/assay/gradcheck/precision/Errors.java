package dev.assay.gradcheck.precision;

import dev.assay.autograd.Var;
import dev.assay.gradcheck.certified.Certifier;
import dev.assay.gradcheck.certified.Walk;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * By how much a result on a machine is off, against binary64.
 *
 * @param rms root mean square of the error over that of the values
 * @param worst largest error over the largest magnitude
 * @param lean {@code sum sign(t) (x - t) / sum |t|}: below 0 where magnitudes are too small
 * @param stored what {@link #rms} is if the true values are only stored
 * @param broken how many values are infinite or NaN and should not be
 */
public record Errors(double rms, double worst, double lean, double stored, int broken) {
  /**
   * Errors of out, lse and the gradients of a definition, by name.
   *
   * @param seed of stochastic rounding
   */
  static SequencedMap<String, Errors> of(Evaluation recorded, Machine machine, int seed) {
    SequencedMap<String, Var> numbers = Certifier.numbers(recorded);
    Walk<Tensor> walk = NarrowEvaluator.replay(recorded.tape(), numbers.values(), machine, seed);
    Dice dice = new Dice(seed);
    SequencedMap<String, Errors> errors = new LinkedHashMap<>();
    for (Map.Entry<String, Var> number : numbers.entrySet()) {
      // A log-sum-exp is handed in as it was summed.
      boolean sum = number.getKey().equals("lse");
      NumberFormat format = sum ? machine.accumulate() : machine.storage();
      Tensor got = new Rounder(format, machine.rule(), dice).of(walk.get(number.getValue()));
      errors.put(number.getKey(), of(number.getValue().value(), got, format));
    }
    return errors;
  }

  /** The errors of one tensor. */
  static Errors of(Tensor truth, Tensor got, NumberFormat format) {
    Rounder nearest = new Rounder(format, RoundingRule.NEAREST, new Dice(0));
    double squares = 0;
    double sizes = 0;
    double once = 0;
    double leaning = 0;
    double magnitudes = 0;
    double worst = 0;
    double largest = 0;
    int broken = 0;
    for (int p = 0; p < truth.size(); p++) {
      double t = truth.get(p);
      double error = got.get(p) - t;
      if (!Double.isFinite(t)) {
        continue;
      }
      broken += Double.isFinite(got.get(p)) ? 0 : 1;
      squares += error * error;
      sizes += t * t;
      double rounding = nearest.of(t) - t;
      once += rounding * rounding;
      leaning += Math.signum(t) * error;
      magnitudes += Math.abs(t);
      worst = Math.max(worst, Math.abs(error));
      largest = Math.max(largest, Math.abs(t));
    }
    return new Errors(
        StrictMath.sqrt(over(squares, sizes)),
        over(worst, largest),
        over(leaning, magnitudes),
        StrictMath.sqrt(over(once, sizes)),
        broken);
  }

  private static double over(double part, double whole) {
    return part == 0 ? 0 : part / whole;
  }
}
