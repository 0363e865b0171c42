package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;

/**
 * Bounds of the output and of the log-sum-exp of one softmax attention.
 *
 * <p>For a row of n keys in nb tiles, with logits in error by e_j ({@link ScoreRow}), largest logit
 * m, l = exp(L - m), dropout factors w_j and sums of relative error g = (n + nb) uAcc:
 *
 * <pre>
 * delta_j = e_j + uS |s_j - m| + (1 + nb) expUlp uS      exponent: argument, exp, nb rescalings
 *         + uS (6 max(|s_j|, |L|) + |s_j - L| + (expUlp + 1) (2 log n + 1) + 2)   if joined by LSE
 * rho_j   = exp(delta_j) - 1,  growth = exp(sum_j p_j delta_j)
 * E_out_c = growth (sum_j p_j rho_j w_j |v_jc| + |o_c| sum_j p_j rho_j)
 *         + sum_j p_j w_j |v_jc| (uP + uw) + g (sum_j p_j w_j |v_jc| + |o_c|)
 *         + sum_j p_j w_j ev_jc + tinyP / l sum_j |v_jc| + uO |o_c| + tiny
 * E_lse   = growth sum_j p_j rho_j + g + uS (2 |m| + (expUlp + 1) |log l| + |L|)
 * </pre>
 *
 * <p>Where it comes from: weights a_j = p_j exp(d_j), |d_j| at most delta_j, give o' - o = sum_j
 * p_j (exp(d_j) - 1)(v_j - o) / sum_j p_j exp(d_j), and the denominator is at least 1/growth by
 * Jensen's inequality; this is exact, not first order, so huge logits are safe. uP rounds the
 * probability that multiplies the value but not the one in the sum, so its term has no |o|; below
 * the normal numbers that rounding is absolute, tinyP in units of exp(m). uw is the error of the
 * dropout factor. Rescaling by a running maximum has an error of expUlp uS each time, at most nb
 * times, and its arguments add up to at most |s_j - m|. Whoever joins normalised parts of a row by
 * weights exp(L_s - L), each L a sum of a maximum and a logarithm, declares it: of a part that
 * holds key j, maximum and L_s lie between s_j and L, its logarithm between 0 and log n; each of
 * the two LSEs costs 3 of the former and expUlp + 1 of the latter, the weight an argument, an
 * exponential and two roundings more. It joins all parts at once; what underflows there is not
 * divided by l, so E_out gains tinyS (sum_j |v_jc| + 2 n). tiny is what underflow may lose in
 * products, sums and the stored result. p_j rho_j is {@link ExpError}: nothing for a key so far
 * below the others that its weight is 0, however large its error, and infinite where a score
 * overflows, which leaves its row without a bound.
 *
 * <p>Against the usual first-order form (sum_j p_j ds_j (|v_j| + |o|) + uP sum p|v| + (n + nb) uAcc
 * (sum p|v| + |o|) + uO |o|) this adds |s_j - m|, the nb expUlp of rescaling, underflow and the
 * exponential growth. A row without keys is 0 and -inf without any error.
 */
final class SoftmaxForward {
  private final Operands x;
  private final AttentionProblem problem;
  private final Rounding u;
  private final ScoreRow row;
  private final double[] v;
  private final double[] out;
  private final double[] p;

  /** p rho of every key. */
  private final double[] lift;

  private final double[] errorOut;
  private final double[] errorLse;

  /**
   * Computes the bounds.
   *
   * @param out the output in fp64
   */
  SoftmaxForward(Operands x, Tensor out, Rounding u) {
    this.x = x;
    this.problem = x.problem();
    this.u = u;
    this.row = new ScoreRow(x, u);
    this.v = x.v().value().doubles();
    this.out = out.doubles();
    this.p = new double[problem.keys()];
    this.lift = new double[problem.keys()];
    this.errorOut = new double[problem.outShape().size()];
    this.errorLse = new double[problem.lseShape().size()];
    for (int r = 0; r < errorLse.length; r++) {
      int[] at = problem.lseShape().index(r);
      row.of(at[0], at[1], at[2]);
      if (row.size() > 0) {
        bound(at[0], problem.kvHead(at[1]), r);
      }
    }
  }

  /** Bound of every element of out. */
  double[] errorOut() {
    return errorOut;
  }

  /** Bound of every element of lse. */
  double[] errorLse() {
    return errorLse;
  }

  private void bound(int b, int kvHead, int r) {
    double lse = row.lse();
    double exponential = (1 + row.tiles()) * u.expUlp() * u.uS();
    double drift = 0;
    double softmax = 0;
    for (int t = 0; t < row.size(); t++) {
      p[t] = StrictMath.exp(row.logit(t) - lse);
      double delta = row.error(t) + u.uS() * Math.abs(row.logit(t) - row.max()) + exponential;
      delta += u.joinByLse() ? u.uS() * joined(row.logit(t), lse) : 0;
      lift[t] = ExpError.of(row.logit(t) - lse, delta);
      drift += p[t] * delta;
      softmax += lift[t];
    }
    double growth = StrictMath.exp(drift);
    double sums = (row.size() + row.tiles()) * u.uAcc();
    double log = Math.abs(lse - row.max());
    double rounded = 2 * Math.abs(row.max()) + (u.expUlp() + 1) * log + Math.abs(lse);
    errorLse[r] = growth * softmax + sums + u.uS() * rounded;
    double apart = u.joinByLse() ? u.tinyS() : 0;
    double underflow = u.tinyP() * StrictMath.exp(-log) + apart;
    values(b, kvHead, r * problem.valueDepth(), growth, sums, underflow);
    for (int c = r * problem.valueDepth(); c < (r + 1) * problem.valueDepth(); c++) {
      errorOut[c] += Math.abs(out[c]) * (growth * softmax + sums + u.uO());
      errorOut[c] += u.tinyO() + row.size() * (u.tinyS() + 2 * apart);
    }
  }

  /** Roundings of a join of normalised parts, in the exponent of a key. */
  private double joined(double logit, double lse) {
    double largest = Math.max(Math.abs(logit), Math.abs(lse));
    double logs = (u.expUlp() + 1) * (2 * StrictMath.log(row.size()) + 1);
    return 6 * largest + Math.abs(logit - lse) + logs + 2;
  }

  /** Adds all terms with |v_jc|, and what values inherit. */
  private void values(int b, int kvHead, int at, double growth, double sums, double underflow) {
    int channels = problem.valueDepth();
    double fixed = u.uP() + row.factorError() + sums;
    for (int t = 0; t < row.size(); t++) {
      // A dropped pair's value is never read.
      if (row.factor(t) == 0) {
        continue;
      }
      double weight = p[t] * row.factor(t);
      double error = growth * lift[t] * row.factor(t) + weight * fixed + underflow;
      int from = problem.keyRow(b, kvHead, row.key(t)) * channels;
      for (int c = 0; c < channels; c++) {
        errorOut[at + c] += error * Math.abs(v[from + c]) + weight * x.v().errorAt(from + c);
      }
    }
  }
}
