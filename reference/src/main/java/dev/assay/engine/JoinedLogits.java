package dev.assay.engine;

import dev.assay.plan.MergePlan.Branch;
import java.util.List;

/**
 * The logits of one query row over all branches that share a softmax, with the row's maximum and
 * sum: {@code p_j = exp(s_j - rowMax) / rowSum} for a key of any branch.
 *
 * <p>The two are kept apart, never as {@code L = rowMax + log rowSum}: where all logits of a row
 * are as large as the usual additive mask of other frameworks, -3.4e38, rounding L loses {@code log
 * rowSum} wholly, and {@code exp(s_j - L)} would be 1 for each of n keys.
 */
final class JoinedLogits {
  private final List<RowLogits> branches;
  private double rowMax;
  private double rowSum;

  JoinedLogits(List<Branch> branches) {
    this.branches =
        branches.stream().map(branch -> new RowLogits(branch.problem(), branch.plan())).toList();
  }

  /** Moves to query row i of batch entry b and head h. */
  void load(int b, int h, int i) {
    rowMax = Double.NEGATIVE_INFINITY;
    for (RowLogits logits : branches) {
      logits.load(b, h, i);
      rowMax = Math.max(rowMax, logits.max());
    }
    rowSum = 0;
    for (RowLogits logits : branches) {
      rowSum += mass(logits);
    }
  }

  private double mass(RowLogits logits) {
    double mass = 0;
    for (int e = 0; e < logits.size(); e++) {
      mass += StrictMath.exp(logits.logit(e) - rowMax);
    }
    return mass;
  }

  /** The row of branch s. */
  RowLogits branch(int s) {
    return branches.get(s);
  }

  /** The weight of the e-th key of branch s. */
  double weight(int s, int e) {
    return StrictMath.exp(branches.get(s).logit(e) - rowMax) / rowSum;
  }

  /** The weights of branch s together; 0 for one without keys. */
  double share(int s) {
    RowLogits logits = branches.get(s);
    return logits.size() == 0 ? 0 : mass(logits) / rowSum;
  }

  /** {@code rowMax + log rowSum}; -inf for a row that is empty in every branch. */
  double lse() {
    return rowMax == Double.NEGATIVE_INFINITY ? rowMax : rowMax + StrictMath.log(rowSum);
  }
}
