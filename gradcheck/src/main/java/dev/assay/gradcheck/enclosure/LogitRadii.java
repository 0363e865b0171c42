package dev.assay.gradcheck.enclosure;

import static dev.assay.gradcheck.enclosure.Upward.UP;
import static dev.assay.gradcheck.enclosure.Upward.both;
import static dev.assay.gradcheck.enclosure.Upward.gamma;

import dev.assay.gradcheck.bound.Rounding;
import dev.assay.plan.AttentionProblem;

/**
 * How far the logits of a right kernel may lie from the true ones of a row.
 *
 * <p>What a kernel of the class may do: D products and D - 1 sums in any order, fused or not; the
 * scale, a constant that is rounded itself, once before or behind the sum; the change to base 2,
 * another rounded constant: D + 3 roundings on the way of each product, so {@code gamma(D + 3)} of
 * the sum of magnitudes. A softcap: tanh with an absolute error of (2 expUlp + 4) uS, made from an
 * exponential or not. A bias: three roundings of it (its own change of base, the sum), two of the
 * sum. What flushing to zero takes is tinyS for each product and once for what is scaled.
 */
final class LogitRadii {
  private final AttentionProblem problem;
  private final Rounding u;
  private final double[] radii;
  private final double[] slopes;
  private double top;

  LogitRadii(AttentionProblem problem, Rounding u) {
    this.problem = problem;
    this.u = u;
    this.radii = new double[problem.keys()];
    this.slopes = new double[problem.keys()];
  }

  void of(TrueRow<?> row) {
    top = 0;
    for (int t = 0; t < row.size(); t++) {
      TrueRow.Key key = row.key(t);
      int depth = problem.depth();
      double scale = Math.abs(problem.scale());
      double off = gamma(depth + 3, u.uS()) * key.product();
      off = UP * (off + (scale * depth + 1) * u.tinyS());
      slopes[t] = 0;
      if (problem.softcap() > 0) {
        off = capped(t, key, off);
      }
      double sum = key.logit() + off;
      off += gamma(3, u.uS()) * key.added() + gamma(2, u.uS()) * (sum + gamma(3, u.uS()) * sum);
      radii[t] = UP * off;
      top = Math.max(top, row.below(t).upper() + radii[t]);
    }
  }

  private double capped(int t, TrueRow.Key key, double off) {
    double cap = problem.softcap();
    double nearest = StrictMath.tanh(Math.max(0, (key.uncapped() / UP - off) / cap)) / UP;
    double steepest = UP * (1 - nearest * nearest) + 0x1p-50;
    double error = UP * (steepest * off / cap + (2 * u.expUlp() + 4) * u.uS());
    slopes[t] = UP * ((2 * key.tanh() + error) * error + both(u.uS(), u.uS()));
    return UP * cap * error;
  }

  /** At least the error of logit t. */
  double of(int t) {
    return radii[t];
  }

  /** At least the error of the softcap's slope at key t. */
  double slope(int t) {
    return slopes[t];
  }

  /** By how much a logit may exceed the true largest one, at most. */
  double top() {
    return UP * top;
  }
}
