package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.MergePlan.Branch;
import java.util.Arrays;
import java.util.List;

/**
 * The softmax weights of one branch of an attention, computed when they are asked for: {@code
 * exp(s_j - max) / sum}, with maximum and sum over the keys of all branches that are joined.
 */
final class SoftmaxRows implements AttentionRows {
  private final AttentionProblem problem;
  private final List<RowLogits> joined;
  private final RowLogits own;

  /** Branch number {@code which} of those that share a softmax. */
  SoftmaxRows(List<Branch> branches, int which) {
    this.problem = branches.get(which).problem();
    this.joined =
        branches.stream().map(branch -> new RowLogits(branch.problem(), branch.plan())).toList();
    this.own = joined.get(which);
  }

  @Override
  public int batches() {
    return problem.batches();
  }

  @Override
  public int heads() {
    return problem.heads();
  }

  @Override
  public int queries() {
    return problem.queries();
  }

  @Override
  public int keys() {
    return problem.keys();
  }

  @Override
  public Row row(int b, int h, int i) {
    double rowMax = Double.NEGATIVE_INFINITY;
    for (RowLogits logits : joined) {
      logits.load(b, h, i);
      rowMax = Math.max(rowMax, logits.max());
    }
    double rowSum = 0;
    for (RowLogits logits : joined) {
      for (int e = 0; e < logits.size(); e++) {
        rowSum += StrictMath.exp(logits.logit(e) - rowMax);
      }
    }
    int[] keys = new int[own.size()];
    double[] weights = new double[own.size()];
    Arrays.setAll(keys, own::key);
    for (int e = 0; e < weights.length; e++) {
      weights[e] = StrictMath.exp(own.logit(e) - rowMax) / rowSum;
    }
    return new Row(keys, weights);
  }
}
