package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows of a {@link FlashKernel}. */
final class FlashRows {
  private final FlashKernel kernel;
  private final AttentionProblem problem;
  private final MetKeys met;
  private final double[] q;
  private final double[] k;
  private final double[] v;
  private final int depth;
  private final int channels;

  FlashRows(FlashKernel kernel, AttentionProblem problem, Plan plan) {
    this.kernel = kernel;
    this.problem = problem;
    this.met = new MetKeys(problem, plan);
    this.q = problem.q().toDoubles();
    this.k = problem.k().toDoubles();
    this.v = problem.v().toDoubles();
    this.depth = problem.depth();
    this.channels = problem.valueDepth();
  }

  Forward forward() {
    double[] out = new double[problem.outShape().size()];
    double[] lse = new double[problem.lseShape().size()];
    for (int r = 0; r < lse.length; r++) {
      int[] at = problem.lseShape().index(r);
      met.of(at[0], at[1], at[2]);
      lse[r] = row(at[0], at[1], at[2], out, r * channels);
    }
    return new Forward(
        kernel.tensor(problem.outShape(), out), kernel.tensor(problem.lseShape(), lse));
  }

  /** One row by online softmax; returns its log-sum-exp. */
  private double row(int b, int h, int i, double[] out, int at) {
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    double[] acc = new double[channels];
    for (int start = 0; start < met.size(); start += kernel.block()) {
      int end = Math.min(start + kernel.block(), met.size());
      double[] s = new double[end - start];
      int[] rows = new int[s.length];
      double[] factor = new double[s.length];
      for (int t = 0; t < s.length; t++) {
        int n =
            kernel.order() == FlashKernel.Order.DESCENDING ? met.size() - 1 - start - t : start + t;
        s[t] = score(b, h, i, n)[0];
        rows[t] = problem.keyRow(b, problem.kvHead(h), met.key(n)) * channels;
        factor[t] = problem.dropoutAt(b, h, i, met.key(n));
      }
      double before = max;
      max = Math.max(max, Arrays.stream(s).max().orElse(max));
      if (max == Double.NEGATIVE_INFINITY) {
        continue;
      }
      double alpha = before == Double.NEGATIVE_INFINITY ? 0 : kernel.exp(kernel.sums(before - max));
      double[] p = new double[s.length];
      for (int t = 0; t < s.length; t++) {
        p[t] = s[t] == Double.NEGATIVE_INFINITY ? 0 : kernel.exp(kernel.sums(s[t] - max));
      }
      sum = kernel.sums(kernel.sums(sum * alpha) + kernel.sum(p, 0, p.length));
      for (int c = 0; c < channels; c++) {
        double[] terms = new double[s.length];
        for (int t = 0; t < s.length; t++) {
          double dropped = kernel.sums(p[t] * kernel.sums(factor[t]));
          terms[t] = dropped == 0 ? 0 : kernel.sums(roundP(dropped) * v[rows[t] + c]);
        }
        acc[c] = kernel.sums(kernel.sums(acc[c] * alpha) + kernel.sum(terms, 0, terms.length));
      }
    }
    for (int c = 0; c < channels; c++) {
      out[at + c] = sum == 0 ? 0 : kernel.stored(kernel.sums(acc[c] / sum));
    }
    return kernel.sums(max + kernel.sums(StrictMath.log(sum)));
  }

  private double roundP(double p) {
    return kernel.precision().storage().round(p);
  }

  /** Logit and slope of key number n of the row. */
  private double[] score(int b, int h, int i, int n) {
    int query = problem.queryRow(b, h, i) * depth;
    int key = problem.keyRow(b, problem.kvHead(h), met.key(n)) * depth;
    double[] terms = new double[depth];
    for (int c = 0; c < depth; c++) {
      terms[c] = kernel.sums(q[query + c] * k[key + c]);
    }
    double s = kernel.sums(kernel.sum(terms, 0, depth) * kernel.sums(problem.scale()));
    double slope = 1;
    if (problem.softcap() > 0) {
      double cap = kernel.sums(problem.softcap());
      double tanh = kernel.sums(StrictMath.tanh(kernel.sums(s / cap)));
      s = kernel.sums(cap * tanh);
      slope = kernel.sums(1 - kernel.sums(tanh * tanh));
    }
    if (problem.bias() != null) {
      s = kernel.sums(s + problem.biasAt(b, h, i, met.key(n)));
    }
    s = met.logCount(n) == 0 ? s : kernel.sums(s + kernel.sums(met.logCount(n)));
    return new double[] {s, slope};
  }

  Gradients backward(Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    Sums sums =
        new Sums(
            new double[problem.q().size()],
            new double[problem.k().size()],
            new double[problem.v().size()],
            problem.bias() == null ? null : new double[problem.bias().size()]);
    for (int r = 0; r < problem.lseShape().size(); r++) {
      int[] at = problem.lseShape().index(r);
      met.of(at[0], at[1], at[2]);
      double lse = Objects.requireNonNull(forward.lse()).get(r);
      double[] terms = new double[channels];
      for (int c = 0; c < channels; c++) {
        terms[c] = kernel.sums(dOut.get(r * channels + c) * forward.out().get(r * channels + c));
      }
      double delta = kernel.sum(terms, 0, channels);
      delta = dLse == null ? delta : kernel.sums(delta - dLse.get(r));
      for (int n = 0; n < met.size() && lse != Double.NEGATIVE_INFINITY; n++) {
        int taken = kernel.order() == FlashKernel.Order.DESCENDING ? met.size() - 1 - n : n;
        pair(at[0], at[1], at[2], taken, lse, delta, dOut, sums);
      }
    }
    Gradients found =
        Gradients.of(
            finish(sums.dq, problem.q(), problem.scale()),
            finish(sums.dk, problem.k(), problem.scale()),
            finish(sums.dv, problem.v(), 1));
    return sums.dbias == null
        ? found
        : found.and("dbias", finish(sums.dbias, Objects.requireNonNull(problem.bias()), 1));
  }

  private record Sums(double[] dq, double[] dk, double[] dv, double @Nullable [] dbias) {}

  private void pair(int b, int h, int i, int n, double lse, double delta, Tensor dOut, Sums to) {
    double[] score = score(b, h, i, n);
    if (score[0] == Double.NEGATIVE_INFINITY) {
      return;
    }
    int row = problem.queryRow(b, h, i);
    int key = problem.keyRow(b, problem.kvHead(h), met.key(n));
    double factor = kernel.sums(problem.dropoutAt(b, h, i, met.key(n)));
    double p = kernel.exp(kernel.sums(score[0] - lse));
    double dP = 0;
    if (factor != 0) {
      double[] terms = new double[channels];
      double kept = roundP(kernel.sums(p * factor));
      for (int c = 0; c < channels; c++) {
        double g = dOut.get(row * channels + c);
        terms[c] = kernel.sums(g * v[key * channels + c]);
        int at = key * channels + c;
        to.dv[at] = kernel.sums(to.dv[at] + kernel.sums(kept * g));
      }
      dP = kernel.sums(kernel.sum(terms, 0, channels) * factor);
    }
    double dS = kernel.sums(p * kernel.sums(dP - delta));
    if (to.dbias != null) {
      int at = problem.biasPosition(b, h, i, met.key(n));
      to.dbias[at] = kernel.sums(to.dbias[at] + dS);
    }
    dS = kernel.stored(kernel.sums(dS * score[1]));
    for (int c = 0; c < depth; c++) {
      int atQ = row * depth + c;
      int atK = key * depth + c;
      to.dq[atQ] = kernel.sums(to.dq[atQ] + kernel.sums(dS * k[atK]));
      to.dk[atK] = kernel.sums(to.dk[atK] + kernel.sums(dS * q[atQ]));
    }
  }

  private Tensor finish(double[] sum, Tensor like, double scale) {
    double[] scaled = new double[sum.length];
    Arrays.setAll(scaled, p -> kernel.stored(kernel.sums(sum[p] * kernel.sums(scale))));
    return kernel.tensor(like.shape(), scaled);
  }
}
