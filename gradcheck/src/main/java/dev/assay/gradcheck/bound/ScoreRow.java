package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import org.jspecify.annotations.Nullable;

/**
 * The logits of one query and how far an implementation's may lie from them.
 *
 * <p>With {@code A = |scale| sum_c |q_c||k_c|} and unit roundoff u = uS, the logit {@code s = cap
 * tanh(scale q.k / cap) + bias + log count} is off by at most
 *
 * <pre>
 * e0 = (d + 3) u A + |scale| sum_c (|q_c| ek_c + eq_c |k_c| + eq_c ek_c)   product, scale, inputs
 * et = slope e0 / cap + (2 expUlp + 4) u;  e1 = cap et                    only with a softcap
 * e  = e1 + ebias + u |s| + 2 u |s|                                       bias, change of base
 * </pre>
 *
 * <p>where slope = 1 - tanh^2, taken at the end of the interval nearest to 0, and tanh may be made
 * from an exponential of -2|x|, whose absolute error is then within (2 expUlp + 4) u. If queries
 * are declared to be scaled and stored first, e0 gains uO A. Where A overflows, before the scale or
 * after it, e is infinite: nothing can be asked there.
 *
 * <p>A logit of -inf counts as masked, so such keys are left out.
 */
final class ScoreRow {
  private final AttentionProblem problem;
  private final Rounding u;
  private final MetKeys met;
  private final double[] q;
  private final double[] k;
  private final double @Nullable [] errorQ;
  private final double @Nullable [] errorK;
  private final @Nullable Known bias;
  private final boolean dropout;

  private final int[] keys;
  private final double[] logits;
  private final double[] errors;
  private final double[] slopes;
  private final double[] slopeErrors;
  private final double[] factors;
  private int size;
  private int tiles;
  private double max;

  ScoreRow(Operands x, Rounding u) {
    this.problem = x.problem();
    this.u = u;
    this.met = new MetKeys(x.problem(), x.plan());
    this.q = x.q().value().doubles();
    this.k = x.k().value().doubles();
    this.errorQ = x.q().error();
    this.errorK = x.k().error();
    this.bias = x.bias();
    this.dropout = problem.dropoutKeep() != null;
    int most = problem.keys();
    this.keys = new int[most];
    this.logits = new double[most];
    this.errors = new double[most];
    this.slopes = new double[most];
    this.slopeErrors = new double[most];
    this.factors = new double[most];
  }

  /** Looks at query i of batch entry b and head h. */
  void of(int b, int h, int i) {
    met.of(b, h, i);
    size = 0;
    max = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < met.size(); t++) {
      add(b, h, i, t);
    }
    tiles = met.tiles();
  }

  private void add(int b, int h, int i, int t) {
    int j = met.key(t);
    product(
        problem.queryRow(b, h, i) * problem.depth(),
        problem.keyRow(b, problem.kvHead(h), j) * problem.depth());
    double cap = problem.softcap();
    slopes[size] = 1;
    slopeErrors[size] = 0;
    if (cap > 0) {
      cap(cap);
    }
    double added = met.logCount(t);
    if (bias != null) {
      int position = problem.biasPosition(b, h, i, j);
      added += bias.value().get(position);
      errors[size] += bias.errorAt(position);
    }
    double logit = logits[size] + added;
    if (logit == Double.NEGATIVE_INFINITY) {
      return;
    }
    keys[size] = j;
    logits[size] = logit;
    errors[size] += u.uS() * (2 * Math.abs(logit) + 3 * Math.abs(added));
    factors[size] = problem.dropoutAt(b, h, i, j);
    max = Math.max(max, logit);
    size++;
  }

  private void product(int query, int key) {
    double dot = 0;
    double magnitude = 0;
    double inherited = 0;
    int depth = problem.depth();
    for (int c = 0; c < depth; c++) {
      double term = q[query + c] * k[key + c];
      dot += term;
      magnitude += Math.abs(term);
    }
    if (errorQ != null || errorK != null) {
      for (int c = 0; c < depth; c++) {
        double eq = Known.at(errorQ, query + c);
        double ek = Known.at(errorK, key + c);
        inherited += Math.abs(q[query + c]) * ek + eq * (Math.abs(k[key + c]) + ek);
      }
    }
    double scale = Math.abs(problem.scale());
    logits[size] = problem.scale() * dot;
    double relative = (depth + 3) * u.uS() + u.scaledQuery();
    errors[size] =
        magnitude * Math.max(1, scale) > u.hugeS()
            ? Double.POSITIVE_INFINITY
            : scale * (relative * magnitude + inherited + depth * u.tinyS());
  }

  private void cap(double cap) {
    double x = Math.abs(logits[size]) / cap;
    double nearest = StrictMath.tanh(Math.max(0, x - errors[size] / cap));
    double tanh = StrictMath.tanh(x);
    double error = (1 - nearest * nearest) * errors[size] / cap + (2 * u.expUlp() + 4) * u.uS();
    logits[size] = Math.copySign(cap * tanh, logits[size]);
    errors[size] = cap * error;
    slopes[size] = 1 - tanh * tanh;
    slopeErrors[size] = (2 * tanh + error) * error + 2 * u.uS();
  }

  /** How many keys the query meets, those with a logit of -inf apart. */
  int size() {
    return size;
  }

  /** How many aligned tiles of keys it meets. */
  int tiles() {
    return tiles;
  }

  /** Largest logit; -inf without keys. */
  double max() {
    return max;
  }

  /** Key number t. */
  int key(int t) {
    return keys[t];
  }

  /** Its logit. */
  double logit(int t) {
    return logits[t];
  }

  /** How far an implementation's logit may be off. */
  double error(int t) {
    return errors[t];
  }

  /** Derivative of the logit by the uncapped one; 1 without a softcap. */
  double slope(int t) {
    return slopes[t];
  }

  /** How far an implementation's slope may be off. */
  double slopeError(int t) {
    return slopeErrors[t];
  }

  /** Factor of the probability in the output, by a given dropout mask. */
  double factor(int t) {
    return factors[t];
  }

  /** Relative error of that factor with the probability. */
  double factorError() {
    return dropout ? 2 * u.uS() : 0;
  }

  /** log sum_j exp(logit_j); -inf without keys. */
  double lse() {
    if (size == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    double sum = 0;
    for (int t = 0; t < size; t++) {
      sum += StrictMath.exp(logits[t] - max);
    }
    return max + StrictMath.log(sum);
  }
}
