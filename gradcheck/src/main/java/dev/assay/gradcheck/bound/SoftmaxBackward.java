package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of the gradients of one softmax attention whose backward makes its probabilities again
 * from the log-sum-exp: P = exp(s - L), dP = w (dO . v), D = dO . o - dL, dS = P (dP - D).
 *
 * <p>With logits in error by e ({@link ScoreRow}), incoming errors of o, L, dO and dL, and u = uS:
 *
 * <pre>
 * r     = exp(e + eL + u (|s - L| + 2 |L| + expUlp)) - 1          relative error of P
 * e_dP  = w ((dv + 2) u sum_c |dO||v| + sum_c (edO |v| + |dO| ev)) + uw |dP|
 * e_D   = edL + u |dL| + max of the two ways to get dO . o:
 *         sum_c (|dO| eo + edO |o|) + (dv + 2) u sum_c |dO||o|    from the output
 *         sum_j P (e_dP + (r + n uAcc) |dP|)                       from the probabilities
 * e_dS  = |dS| r + P (1 + r)(e_dP + e_D) + 3 u P (|dP| + |D|);  then + uDS (|dS| + e_dS) + tiny
 * dT    = dS slope;  e_dT = e_dS slope + (|dS| + e_dS) eslope + 2 u |dT|       with a softcap
 * f_dS  = e_dS with r' = exp(e + u (|s - L| + 2 |L| + expUlp)) - 1 for |dS| r, times exp(eL), and
 *         with r for (1 + r) before e_D; f_dT from it as e_dT from e_dS
 * E_dq  = |scale| sum_j (f_dT |k| + |dT| ek + e_dT ek + (n + 2) uAcc |dT||k|)
 *       + (exp(eL) - 1) |dq| + |scale| e_D |sum_j P slope k| + uO |dq|
 * E_dk  = |scale| sum_i (e_dT |q| + |dT| eq + (N + 2) uAcc |dT||q|) + uO (|dk| + sum_h |dk of h|)
 * E_dv  = sum_i P w ((r + uP + uw + (N + 2) uAcc) |dO| + edO) + tinyP |dO|
 *       + uO (|dv| + sum_h |dv of h|)
 * E_dbias = sum (e_dS + N uAcc |dS|) + uO |dbias|
 * </pre>
 *
 * <p>A row has one L and one D, so their errors are one number for all its keys: what they add to
 * dq is that number times a sum over keys, not times the sum of magnitudes. f_dS is what is left,
 * the error that is each key's own. In dk every query has an L and a D of its own, and all add up.
 *
 * <p>N counts the terms of a sum over queries, all heads of a group included; any order of the sum
 * is covered, for no term takes part in more than N - 1 additions. The parts of the heads of a
 * group may be stored before they are added, which is the sum over h; it is left out where a group
 * is one head. Each stored gradient has {@code tiny} besides. P r is {@link ExpError}, as in {@link
 * SoftmaxForward}.
 */
final class SoftmaxBackward {
  private final Operands x;
  private final AttentionProblem problem;
  private final Rounding u;
  private final Known out;
  private final Known lse;
  private final Known dOut;
  private final @Nullable Known dLse;
  private final ScoreRow row;
  private final double[] p;

  /** p r of every key, and what of it is the key's own. */
  private final double[] lift;

  private final double[] ownLift;

  private final double[] dP;
  private final double[] errorDP;
  private final QuerySums dq;
  private final KeySums dk;
  private final KeySums dv;
  private final @Nullable BiasSums dbias;

  /**
   * Walks all rows.
   *
   * @param out the output that the backward uses; of a merge, the merged one
   * @param lse the log-sum-exp that it uses; of a merge, the merged one
   * @param dOut cotangent of the output
   * @param dLse cotangent of the log-sum-exp, or null for zero
   */
  SoftmaxBackward(Operands x, Known out, Known lse, Known dOut, @Nullable Known dLse, Rounding u) {
    this.x = x;
    this.problem = x.problem();
    this.u = u;
    this.out = out;
    this.lse = lse;
    this.dOut = dOut;
    this.dLse = dLse;
    this.row = new ScoreRow(x, u);
    this.p = new double[problem.keys()];
    this.lift = new double[problem.keys()];
    this.ownLift = new double[problem.keys()];
    this.dP = new double[problem.keys()];
    this.errorDP = new double[problem.keys()];
    boolean grouped = problem.heads() > problem.kvHeads();
    this.dq = new QuerySums(x.k(), problem.depth(), problem.q().size());
    // By the keys, for values may have no channels at all.
    int keyRows = problem.k().size() / problem.depth();
    this.dk = new KeySums(x.q(), problem.depth(), keyRows, grouped);
    this.dv = new KeySums(dOut, problem.valueDepth(), keyRows, grouped);
    Tensor bias = problem.bias();
    this.dbias = bias == null ? null : new BiasSums(bias.size());
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.heads(); h++) {
        for (int i = 0; i < problem.queries(); i++) {
          row.of(b, h, i);
          if (row.size() > 0) {
            bound(b, h, i);
          }
        }
        dk.endOfHead();
        dv.endOfHead();
      }
    }
  }

  /**
   * The bounds of dq, dk, dv, and dbias if there is a bias.
   *
   * @param gradients the gradients in fp64, in that order
   */
  List<double[]> errors(List<Tensor> gradients) {
    List<double[]> errors = new ArrayList<>();
    errors.add(dq.bound(gradients.get(0), u));
    errors.add(dk.bound(gradients.get(1), u));
    errors.add(dv.bound(gradients.get(2), u));
    if (dbias != null) {
      errors.add(dbias.bound(gradients.get(3), u));
    }
    return errors;
  }

  private void bound(int b, int h, int i) {
    int query = problem.queryRow(b, h, i);
    double errorOfSum = probabilities(b, h, query);
    double delta = 0;
    double errorOfDot = 0;
    double magnitude = 0;
    for (int c = query * problem.valueDepth(); c < (query + 1) * problem.valueDepth(); c++) {
      double o = out.value().get(c);
      double g = dOut.value().get(c);
      delta += g * o;
      magnitude += Math.abs(g * o);
      errorOfDot += Math.abs(g) * out.errorAt(c) + dOut.errorAt(c) * (Math.abs(o) + out.errorAt(c));
    }
    errorOfDot += (problem.valueDepth() + 2) * u.uS() * magnitude;
    double errorDelta = Math.max(errorOfDot, errorOfSum);
    if (dLse != null) {
      delta -= dLse.value().get(query);
      errorDelta += dLse.errorAt(query) + u.uS() * Math.abs(dLse.value().get(query));
    }
    scores(b, h, i, delta, errorDelta);
  }

  /** Fills p, lift, dP and errorDP; returns the error of sum_j P dP. */
  private double probabilities(int b, int h, int query) {
    double l = lse.value().get(query);
    double own = u.uS() * (2 * Math.abs(l) + u.expUlp());
    double error = 0;
    for (int t = 0; t < row.size(); t++) {
      p[t] = StrictMath.exp(row.logit(t) - l);
      double exponent = row.error(t) + own + u.uS() * Math.abs(row.logit(t) - l);
      lift[t] = ExpError.of(row.logit(t) - l, exponent + lse.errorAt(query));
      ownLift[t] = ExpError.of(row.logit(t) - l, exponent) * StrictMath.exp(lse.errorAt(query));
      value(t, problem.keyRow(b, problem.kvHead(h), row.key(t)), query);
      double weight = lift[t] + p[t] * row.size() * u.uAcc();
      error += p[t] * errorDP[t] + weight * Math.abs(dP[t]);
    }
    return error;
  }

  /** dP of key number t and its error; a dropped pair's value is never read. */
  private void value(int t, int key, int query) {
    dP[t] = 0;
    errorDP[t] = 0;
    if (row.factor(t) == 0) {
      return;
    }
    int channels = problem.valueDepth();
    double[] g = dOut.value().doubles();
    double[] v = x.v().value().doubles();
    double dot = 0;
    double magnitude = 0;
    for (int c = 0; c < channels; c++) {
      double term = g[query * channels + c] * v[key * channels + c];
      dot += term;
      magnitude += Math.abs(term);
    }
    double error = (channels + 2) * u.uS() * magnitude + channels * u.tinyS();
    if (dOut.error() != null || x.v().error() != null) {
      for (int c = 0; c < channels; c++) {
        double eg = dOut.errorAt(query * channels + c);
        double ev = x.v().errorAt(key * channels + c);
        error += eg * (Math.abs(v[key * channels + c]) + ev);
        error += Math.abs(g[query * channels + c]) * ev;
      }
    }
    dP[t] = row.factor(t) * dot;
    errorDP[t] = row.factor(t) * error + row.factorError() * Math.abs(dP[t]);
  }

  private void scores(int b, int h, int i, double delta, double errorDelta) {
    int query = problem.queryRow(b, h, i);
    for (int t = 0; t < row.size(); t++) {
      int key = problem.keyRow(b, problem.kvHead(h), row.key(t));
      double dS = p[t] * (dP[t] - delta);
      double own =
          Math.abs(dP[t] - delta) * ownLift[t]
              + (p[t] + lift[t]) * errorDP[t]
              + lift[t] * errorDelta
              + 3 * u.uS() * p[t] * (Math.abs(dP[t]) + Math.abs(delta));
      double error =
          Math.abs(dP[t] - delta) * lift[t]
              + (p[t] + lift[t]) * (errorDP[t] + errorDelta)
              + 3 * u.uS() * p[t] * (Math.abs(dP[t]) + Math.abs(delta));
      double stored = u.uDS() * (Math.abs(dS) + error) + u.tinyO();
      error += stored;
      if (dbias != null) {
        dbias.add(problem.biasPosition(b, h, i, row.key(t)), dS, error);
      }
      double dT = dS * row.slope(t);
      double bent =
          problem.softcap() > 0
              ? (Math.abs(dS) + error) * row.slopeError(t) + 2 * u.uS() * Math.abs(dT)
              : 0;
      double scale = problem.scale();
      double all = Math.abs(scale) * (error * row.slope(t) + bent);
      double apart = Math.abs(scale) * ((own + stored) * row.slope(t) + bent);
      double share = Math.abs(scale) * p[t] * row.slope(t);
      dq.add(query, key, new QuerySums.Weight(scale * dT, apart, all, share));
      dk.add(key, query, scale * dT, all + Math.abs(scale) * u.scaledQuery() * Math.abs(dT));
      addValues(key, query, t);
    }
    double common = StrictMath.expm1(lse.errorAt(query));
    dq.endOfRow(query, row.size(), common, errorDelta, u);
  }

  private void addValues(int key, int query, int t) {
    // A weight without a bound may be NaN, and then dropping it is no help.
    if (row.factor(t) != 0 || !Double.isFinite(lift[t])) {
      double weight = p[t] * row.factor(t);
      double off = lift[t] * row.factor(t) + weight * (u.uP() + row.factorError()) + u.tinyP();
      dv.add(key, query, weight, off);
    }
  }
}
