package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * Bounds of the joined output of several attentions, and of the joined log-sum-exp.
 *
 * <p>Join by LSE: a softmax over the S branches with logits L_s in error by E_lse of the branch,
 * and values O_s in error by E_out of the branch. With shares a_s = exp(L_s - L), n keys in all
 * branches together and g = (n + 2 S) uAcc:
 *
 * <pre>
 * delta_s = E_Ls + uS (2 |L_s| + |L_s - max|) + (1 + S) expUlp uS;  rho_s = exp(delta_s) - 1
 * E_out = growth (sum_s a_s rho_s |O_s| + |O| sum_s a_s rho_s) + sum_s a_s E_Os
 *       + g (sum_s a_s |O_s| + |O|) + uO |O| + tiny
 * E_lse = growth sum_s a_s rho_s + g + uS (2 |max| + (expUlp + 1)|L - max| + |L|)
 * </pre>
 *
 * <p>This covers both separate kernels with a joining one behind them and one kernel over the union
 * of the keys: n in g is there for the latter.
 *
 * <p>Join by gates: {@code E_out = sum_s (|g_s| E_Os + eg_s (|O_s| + E_Os) + (S + 1) uAcc |g_s
 * O_s|) + uO |O| + tiny}. A branch that has no key for a query takes no part in that row, whatever
 * its gate.
 */
final class MergeForward {
  private final Branches branches;
  private final Rounding u;
  private final int channels;
  private final double[] out;
  private final double[] errorOut;
  private final double[] errorLse;

  /**
   * Computes the bounds.
   *
   * @param out the joined output in fp64
   */
  MergeForward(Branches branches, Tensor out, Rounding u) {
    this.branches = branches;
    this.u = u;
    AttentionProblem first = branches.parts().getFirst().x().problem();
    this.channels = first.valueDepth();
    this.out = out.doubles();
    this.errorOut = new double[first.outShape().size()];
    this.errorLse = new double[first.lseShape().size()];
    Known gates = branches.gates();
    if (gates != null) {
      byGates(gates);
    } else {
      List<MetKeys> met =
          branches.parts().stream()
              .map(part -> new MetKeys(part.x().problem(), part.x().plan()))
              .toList();
      for (int row = 0; row < errorLse.length; row++) {
        int[] at = first.lseShape().index(row);
        int keys = 0;
        for (MetKeys each : met) {
          each.of(at[0], at[1], at[2]);
          keys += each.size();
        }
        byLse(row, keys);
      }
    }
  }

  /** Bound of every element of out. */
  double[] errorOut() {
    return errorOut;
  }

  /** Bound of every element of lse; without meaning for a join by gates. */
  double[] errorLse() {
    return errorLse;
  }

  private void byLse(int row, int keys) {
    double max = Double.NEGATIVE_INFINITY;
    for (Branches.Part part : branches.parts()) {
      max = Math.max(max, part.lse().value().get(row));
    }
    if (max == Double.NEGATIVE_INFINITY) {
      return;
    }
    double sum = 0;
    for (Branches.Part part : branches.parts()) {
      sum += StrictMath.exp(part.lse().value().get(row) - max);
    }
    double lse = max + StrictMath.log(sum);
    double drift = 0;
    double softmax = 0;
    for (Branches.Part part : branches.parts()) {
      if (!part.empty(row)) {
        double logit = part.lse().value().get(row) - lse;
        double delta = exponent(part, row, max);
        drift += StrictMath.exp(logit) * delta;
        softmax += ExpError.of(logit, delta);
      }
    }
    double growth = StrictMath.exp(drift);
    double sums = (keys + 2 * branches.size()) * u.uAcc();
    for (Branches.Part part : branches.parts()) {
      if (!part.empty(row)) {
        double logit = part.lse().value().get(row) - lse;
        double share = StrictMath.exp(logit);
        double off = growth * ExpError.of(logit, exponent(part, row, max)) + share * sums;
        for (int c = row * channels; c < (row + 1) * channels; c++) {
          double value = Math.abs(part.out().value().get(c));
          errorOut[c] += off * value + share * part.out().errorAt(c);
        }
      }
    }
    for (int c = row * channels; c < (row + 1) * channels; c++) {
      errorOut[c] += Math.abs(out[c]) * (growth * softmax + sums + u.uO()) + u.tinyO();
    }
    double log = Math.abs(lse - max);
    errorLse[row] =
        growth * softmax
            + sums
            + u.uS() * (2 * Math.abs(max) + (u.expUlp() + 1) * log + Math.abs(lse));
  }

  private double exponent(Branches.Part part, int row, double max) {
    double l = part.lse().value().get(row);
    return part.lse().errorAt(row)
        + u.uS() * (2 * Math.abs(l) + Math.abs(l - max))
        + (1 + branches.size()) * u.expUlp() * u.uS();
  }

  private void byGates(Known gates) {
    int rows = errorLse.length;
    for (int s = 0; s < branches.size(); s++) {
      Branches.Part branch = branches.parts().get(s);
      Known part = branch.out();
      for (int e = 0; e < errorOut.length; e++) {
        if (branch.empty(e / channels)) {
          continue;
        }
        int at = s * rows + e / channels;
        double gate = Math.abs(gates.value().get(at));
        double value = Math.abs(part.value().get(e));
        errorOut[e] += gate * part.errorAt(e) + gates.errorAt(at) * (value + part.errorAt(e));
        errorOut[e] += (branches.size() + 1) * u.uAcc() * gate * value;
      }
    }
    for (int e = 0; e < errorOut.length; e++) {
      int row = e / channels;
      if (!branches.parts().stream().allMatch(part -> part.empty(row))) {
        errorOut[e] += u.uO() * Math.abs(out[e]) + u.tinyO();
      }
    }
  }
}
