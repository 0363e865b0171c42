package dev.assay.gradcheck.enclosure;

import static dev.assay.gradcheck.enclosure.Upward.UP;
import static dev.assay.gradcheck.enclosure.Upward.both;
import static dev.assay.gradcheck.enclosure.Upward.gamma;
import static dev.assay.gradcheck.enclosure.Upward.lift;
import static dev.assay.gradcheck.enclosure.Upward.most;
import static dev.assay.gradcheck.enclosure.Upward.summed;

import dev.assay.gradcheck.bound.Rounding;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the gradients of a right kernel may lie from the true ones. Probabilities are made again
 * from the kernel's own log-sum-exp, D from its own stored output or from the probabilities.
 *
 * <p>With g = dP - D + dL, true dS = p g. A kernel's is {@code p e^(d - dL') (g + ep - eD)(1 + 2
 * roundings)}, where the errors of L and of D are one number for the whole row. So in dq they
 * multiply {@code |sum_j dS k|} and {@code |sum_j p k|}, all others {@code sum_j |...||k|}.
 */
final class BackwardRadii {
  private final AttentionProblem problem;
  private final Tensor dOut;
  private final boolean dLse;
  private final Rounding u;
  private final double[] dq;
  private final RadiusSums dk;
  private final RadiusSums dv;
  private final RadiusSums dbias;

  /** p (e^d'' - 1), p (e^(d'' + eL) - 1), p e^(d'' + eL) and the error of dP of each key. */
  private final double[] lifted;

  private final double[] off;

  private final double[] grown;
  private final double[] products;
  private double lseOff;
  private double deltaOff;

  BackwardRadii(AttentionProblem problem, Tensor dOut, boolean dLse, Rounding u) {
    this.problem = problem;
    this.dOut = dOut;
    this.dLse = dLse;
    this.u = u;
    this.dq = new double[problem.q().size()];
    boolean grouped = problem.heads() > problem.kvHeads();
    int keyRows = problem.k().size() / problem.depth();
    this.dk = new RadiusSums(keyRows, problem.depth(), grouped);
    this.dv = new RadiusSums(keyRows, problem.valueDepth(), grouped);
    Tensor bias = problem.bias();
    this.dbias = new RadiusSums(bias == null ? 0 : bias.size(), 1, false);
    this.lifted = new double[problem.keys()];
    this.off = new double[problem.keys()];
    this.grown = new double[problem.keys()];
    this.products = new double[problem.keys()];
  }

  /** One query: b, h and i say where its bias lies. */
  void of(int b, int h, int i, TrueRow<?> row, LogitRadii logits, ForwardRadii forward) {
    lseOff = forward.lse();
    double fromSums = probabilities(row, logits, forward);
    double dot = most(row.dot());
    deltaOff = Math.max(forward.delta(row, dOut, dot), fromSums);
    if (dLse) {
      deltaOff += u.uS() * (most(row.delta()) + deltaOff);
    }
    deltaOff *= UP;
    Row into = new Row(row.query(), row.size());
    for (int t = 0; t < row.size(); t++) {
      into.key(b, h, i, t, row, logits.slope(t), forward.dropped());
    }
    into.end();
  }

  /** Behind the last query of a head. */
  void endOfHead() {
    dk.endOfHead();
    dv.endOfHead();
  }

  /** Fills the row's arrays; returns at least the error of sum_j P dP. */
  private double probabilities(TrueRow<?> row, LogitRadii logits, ForwardRadii forward) {
    double exponential = -StrictMath.log1p(-u.expUlp() * u.uS());
    double base = gamma(2, u.uS()) * (most(row.lse()) + lseOff) + exponential;
    double sum = 0;
    double terms = gamma(row.size() + 1, u.uAcc());
    for (int t = 0; t < row.size(); t++) {
      double e = logits.of(t);
      double own = UP * (e + u.uS() * (most(row.exponent(t)) + e + lseOff) + base);
      double weight = row.most(t);
      double x = row.exponent(t).upper();
      double flushed = Math.min(u.tinyS(), weight + lift(weight, x, UP * (own + lseOff)));
      lifted[t] = lift(weight, x, own) + flushed;
      off[t] = lift(weight, x, UP * (own + lseOff)) + flushed;
      grown[t] = UP * (weight + off[t]);
      double magnitude = row.key(t).factor() * row.cotangentMagnitude(t);
      int width = problem.valueDepth();
      double dot = gamma(width, u.uS()) * magnitude;
      dot += magnitude == 0 ? 0 : row.key(t).factor() * 2 * width * u.tinyS();
      double size = most(row.product(t));
      products[t] = UP * (dot + forward.dropped() * (size + dot));
      sum += off[t] * size + grown[t] * products[t];
      double term = grown[t] * (size + products[t]);
      sum += terms * term + Math.min(u.tinyS(), term);
    }
    return UP * sum;
  }

  /** What one query adds. */
  private final class Row {
    private final int query;
    private final int size;
    private final double[] apart;
    private final double[] magnitude;
    private final double[] weighted;
    private final double[] weightedError;
    private final double[] gradient;
    private final double[] gradientOff;

    Row(int query, int size) {
      this.query = query;
      this.size = size;
      this.apart = new double[problem.depth()];
      this.magnitude = new double[problem.depth()];
      this.weighted = new double[problem.depth()];
      this.weightedError = new double[problem.depth()];
      this.gradient = new double[problem.depth()];
      this.gradientOff = new double[problem.depth()];
    }

    void key(int b, int h, int i, int t, TrueRow<?> row, double slopeOff, double dropped) {
      TrueRow.Key key = row.key(t);
      double g = most(row.lean(t));
      double weight = row.most(t);
      double score = UP * weight * g;
      double own = lifted[t] * g * StrictMath.exp(lseOff) + grown[t] * products[t];
      double size = grown[t] * (g + products[t] + deltaOff);
      own += gamma(2, u.uS()) * size + Math.min(2 * u.tinyS(), size);
      double all = UP * (own + StrictMath.expm1(lseOff) * score + grown[t] * deltaOff);
      double stored = UP * (u.uDS() * (score + all) + Math.min(u.tinyO(), score + all));
      Near p = row.near(t);
      Near dS = p.times(Near.of(row.lean(t)), weight, g);
      if (problem.bias() != null) {
        dbias.add(problem.biasPosition(b, h, i, key.key()), 0, 1, score, all + stored, dS);
      }
      double bent = key.slope() + slopeOff;
      double rest = slopeOff == 0 ? 0 : (score + all) * (slopeOff + gamma(2, u.uS()) * bent);
      double independent = UP * ((own + stored) * bent + rest);
      double error = UP * ((all + stored) * bent + rest);
      Near slope = new Near(key.slope(), key.slopeOff());
      Near sloped = dS.times(slope, score, key.slope());
      query(key, independent, error, sloped, p.times(slope, weight, key.slope()), t);
      double scale = Math.abs(problem.scale());
      for (int c = 0; c < problem.depth(); c++) {
        double q = problem.q().get(query * problem.depth() + c);
        dk.add(key.row(), c, q, scale * score * key.slope(), scale * error, sloped.times(scale));
      }
      values(key, t, weight, p, dropped);
    }

    private void query(
        TrueRow.Key key, double independent, double error, Near dS, Near weight, int t) {
      double scores = UP * (Math.abs(dS.number()) + dS.off()) + error;
      double weightOff =
          off[t] * key.slope() + weight.off() + summed(size) * Math.abs(weight.number());
      for (int c = 0; c < gradient.length; c++) {
        double k = problem.k().get(key.row() * gradient.length + c);
        apart[c] += independent * Math.abs(k);
        magnitude[c] += scores * Math.abs(k);
        weighted[c] += weight.number() * k;
        weightedError[c] += weightOff * Math.abs(k);
        gradient[c] += dS.number() * k;
        gradientOff[c] += dS.off() * Math.abs(k);
      }
    }

    private void values(TrueRow.Key key, int t, double most, Near weight, double dropped) {
      if (key.factor() == 0) {
        return;
      }
      double w = key.factor();
      double theta = both(dropped, u.uP());
      double error = UP * (off[t] * w + grown[t] * w * theta);
      error += Math.min(u.tinyP(), UP * grown[t] * w);
      for (int c = 0; c < problem.valueDepth(); c++) {
        double g = dOut.get(query * problem.valueDepth() + c);
        dv.add(key.row(), c, g, most * w, error, weight.times(w));
      }
    }

    void end() {
      double scale = Math.abs(problem.scale());
      double common = StrictMath.expm1(lseOff);
      double sums = gamma(size + 2, u.uAcc());
      for (int c = 0; c < gradient.length; c++) {
        // A zero made of zeros is exact.
        if (magnitude[c] == 0) {
          continue;
        }
        double most = Math.abs(gradient[c]) + summed(size) * magnitude[c] + gradientOff[c];
        double off = apart[c] + common * most;
        off += deltaOff * (Math.abs(weighted[c]) + weightedError[c]) + sums * magnitude[c];
        off = UP * (scale * off + (size + 2) * u.tinyS());
        double stored = u.uO() * (scale * most + off);
        dq[query * gradient.length + c] = UP * (off + stored + u.tinyO());
      }
    }
  }

  /** Radii of dq, dk, dv, and dbias if there is a bias. */
  List<double[]> radii() {
    List<double[]> radii = new ArrayList<>(List.of(dq, dk.radii(u), dv.radii(u)));
    if (problem.bias() != null) {
      radii.add(dbias.radii(u));
    }
    return radii;
  }
}
