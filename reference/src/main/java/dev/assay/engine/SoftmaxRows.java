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
  private final JoinedLogits joined;
  private final int which;

  /** Branch number {@code which} of those that share a softmax. */
  SoftmaxRows(List<Branch> branches, int which) {
    this.problem = branches.get(which).problem();
    this.joined = new JoinedLogits(branches);
    this.which = which;
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
    joined.load(b, h, i);
    RowLogits own = joined.branch(which);
    int[] keys = new int[own.size()];
    double[] weights = new double[own.size()];
    Arrays.setAll(keys, own::key);
    Arrays.setAll(weights, e -> joined.weight(which, e));
    return new Row(keys, weights);
  }
}
