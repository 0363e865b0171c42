package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import java.util.Arrays;

/** The weights {@code q_i . k_j / z_i} of an attention through features, a row at a time. */
final class FeatureRows implements AttentionRows {
  private final AttentionProblem problem;
  private final FeaturePlan plan;
  private final RowKeys keys;

  FeatureRows(AttentionProblem problem, FeaturePlan plan) {
    this.problem = problem;
    this.plan = plan;
    this.keys = new RowKeys(problem, plan);
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

  /** A row whose denominator is 0 has keys of weight 0. */
  @Override
  public Row row(int b, int h, int i) {
    keys.load(b, h, i);
    int[] met = new int[keys.size()];
    double[] weights = new double[met.length];
    int depth = problem.depth();
    double sum = 0;
    for (int e = 0; e < met.length; e++) {
      met[e] = keys.key(e);
      int queryAt = problem.queryRow(b, h, i) * depth;
      int keyAt = problem.keyRow(b, problem.kvHead(h), met[e]) * depth;
      weights[e] = Rows.dot(problem.q().doubles(), queryAt, problem.k().doubles(), keyAt, depth);
      sum += weights[e];
    }
    double normaliser = sum + plan.guard();
    Arrays.setAll(weights, e -> normaliser == 0 ? 0 : weights[e] / normaliser);
    return new Row(met, weights);
  }
}
