package dev.assay.gradcheck.enclosure;

import static dev.assay.gradcheck.enclosure.Upward.UP;
import static dev.assay.gradcheck.enclosure.Upward.both;
import static dev.assay.gradcheck.enclosure.Upward.gamma;
import static dev.assay.gradcheck.enclosure.Upward.lift;
import static dev.assay.gradcheck.enclosure.Upward.most;

import dev.assay.gradcheck.bound.Rounding;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;

/**
 * How far output and log-sum-exp of a right kernel may lie from the true ones of a row.
 *
 * <p>What a kernel may do: an exponential of a rounded difference for each key, one more for each
 * of nb rescalings by a new maximum, whose rounded arguments add up to at most |s - max|; a
 * probability rounded once to uP, the same for all channels; n + nb roundings on the way of a
 * weighted value into its sum, one fewer for the sum of weights; a quotient of two roundings; the
 * rounding to storage. So with weights {@code p_j e^d_j}, |d_j| at most delta_j, numerators that
 * are off by {@code theta} and denominators by {@code beta},
 *
 * <pre>
 * o' - o = (sum p (e^d - 1)(w v - o) + sum p e^d (w v theta - o beta)) / sum p e^d (1 + beta)
 * </pre>
 *
 * <p>exactly, since {@code sum p (w v - o) = 0}. Every factor is then taken at its worst.
 */
final class ForwardRadii {
  private final AttentionProblem problem;
  private final Tensor out;
  private final Rounding u;
  private final boolean dropout;
  private final double[] lifted;
  private final double[] grown;
  private final double[] radii;
  private double sumLifted;
  private double sumGrown;
  private double least;
  private double flush;
  private double numerator;
  private double denominator;
  private double lse;

  /** For a true output, rounded once. */
  ForwardRadii(AttentionProblem problem, Tensor out, Rounding u) {
    this.problem = problem;
    this.out = out;
    this.u = u;
    this.dropout = problem.dropoutKeep() != null;
    this.lifted = new double[problem.keys()];
    this.grown = new double[problem.keys()];
    this.radii = new double[problem.valueDepth()];
  }

  void of(TrueRow<?> row, LogitRadii logits) {
    weights(row, logits);
    int sums = row.size() + row.tiles();
    numerator = gamma(sums, u.uAcc());
    denominator = gamma(sums - 1, u.uAcc());
    least = Math.max(least, 1 - UP * sumLifted) / UP * (1 - denominator) / UP;
    flush = UP * StrictMath.exp(logits.top() - row.span().lower());
    double lost = UP * 2 * row.size() * u.tinyS() * flush;
    for (int c = 0; c < radii.length; c++) {
      channel(row, c, lost);
    }
    logSum(row, logits, lost);
  }

  private void weights(TrueRow<?> row, LogitRadii logits) {
    double exponential = -(row.tiles() + 1) * StrictMath.log1p(-u.expUlp() * u.uS());
    sumLifted = 0;
    sumGrown = 0;
    least = 0;
    for (int t = 0; t < row.size(); t++) {
      double e = logits.of(t);
      double delta = UP * (e + u.uS() * (most(row.below(t)) + e + logits.top()) + exponential);
      double weight = row.most(t);
      double x = row.exponent(t).upper();
      lifted[t] = lift(weight, x, delta);
      grown[t] = UP * (weight + lifted[t]);
      sumLifted += lifted[t];
      sumGrown += grown[t];
      least += StrictMath.exp(row.exponent(t).lower() - delta);
    }
  }

  private void channel(TrueRow<?> row, int c, double lost) {
    int width = radii.length;
    double o = out.get(row.query() * width + c);
    double theta = both(both(dropped(), u.uP()), numerator);
    double sum = lost * (1 + Math.abs(o));
    for (int t = 0; t < row.size(); t++) {
      TrueRow.Key key = row.key(t);
      double value = key.factor() == 0 ? 0 : key.factor() * valueAt(key, c);
      double apart = Math.abs(value - o) + 0x1p-50 * (Math.abs(value) + Math.abs(o));
      sum += lifted[t] * apart;
      sum += grown[t] * (theta * Math.abs(value) + denominator * Math.abs(o));
      sum += flush * (u.tinyS() + u.tinyP()) * Math.abs(value);
    }
    double off = UP * sum / least;
    double size = Math.abs(o) * UP + off;
    double stored = both(both(u.uS(), u.uS()), u.uO());
    radii[c] = least > 0 ? UP * (off + size * stored + u.tinyO()) : Double.POSITIVE_INFINITY;
  }

  private double valueAt(TrueRow.Key key, int c) {
    return problem.v().get(key.row() * radii.length + c);
  }

  /** Relative error of a probability with its dropout factor. */
  double dropped() {
    return dropout ? both(u.uS(), u.uS()) : 0;
  }

  /**
   * The logarithm of a sum that is off by at most a fraction {@code z} is off by at most {@code
   * -log(1 - z)}; its own error and those of the last sum and of the change of base come on top.
   */
  private void logSum(TrueRow<?> row, LogitRadii logits, double lost) {
    double z = UP * (sumLifted + denominator * sumGrown + lost);
    double off = z < 0.5 ? -StrictMath.log1p(-z) : Math.max(StrictMath.log1p(z), -log(least));
    double log = UP * (most(row.span()) + logits.top() + off);
    double rounded = gamma(2, u.uS()) * (most(row.max()) + logits.top());
    rounded += UP * (u.expUlp() + 1) * u.uS() * log;
    double sum = most(row.lse()) + off + rounded;
    lse = UP * (off + rounded + u.uS() * sum);
  }

  private static double log(double least) {
    return least > 0 ? StrictMath.log(least) : Double.NEGATIVE_INFINITY;
  }

  /** At least the error of the output's channel c. */
  double of(int c) {
    return radii[c];
  }

  /** At least the error of the log-sum-exp. */
  double lse() {
    return lse;
  }

  /**
   * At least the error of {@code D = dO . o} from a stored output, before dL is subtracted: channel
   * by channel, or with the cotangent drawn into the sum over keys, whichever is less.
   */
  double delta(TrueRow<?> row, Tensor dOut, double trueDelta) {
    double byChannel = 0;
    double summed = 0;
    double last = 0;
    double stored = both(both(u.uS(), u.uS()), u.uO());
    for (int c = 0; c < radii.length; c++) {
      double g = Math.abs(dOut.get(row.query() * radii.length + c));
      double o = Math.abs(out.get(row.query() * radii.length + c)) * UP;
      byChannel += g * radii[c];
      summed += g * (o + radii[c]);
      last += g * ((o + radii[c]) * stored + u.tinyO());
    }
    double theta = both(dropped(), u.uP());
    double together = flush * 2 * row.size() * u.tinyS() * (norm(dOut, row) + trueDelta);
    for (int t = 0; t < row.size(); t++) {
      double weighted = most(row.product(t));
      double magnitude = row.key(t).factor() * row.cotangentMagnitude(t);
      together += lifted[t] * most(row.output(t));
      together += grown[t] * (theta * weighted + denominator * trueDelta);
      together += grown[t] * (1 + theta) * numerator * magnitude;
      together += flush * (u.tinyS() + u.tinyP()) * magnitude;
    }
    double contracted = least > 0 ? together / least + last : Double.POSITIVE_INFINITY;
    double width = radii.length;
    double dot = summed == 0 ? 0 : gamma(width, u.uS()) * summed + 2 * width * u.tinyS();
    return UP * (Math.min(byChannel, contracted) + dot);
  }

  private double norm(Tensor dOut, TrueRow<?> row) {
    double sum = 0;
    for (int c = 0; c < radii.length; c++) {
      sum += Math.abs(dOut.get(row.query() * radii.length + c));
    }
    return sum;
  }
}
