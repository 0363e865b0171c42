package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of softmax attention from its output (Dao, "FlashAttention-2", 2023):
 *
 * <pre>
 * p_j = exp(s_j - rowMax) / rowSum      D = dOut . out - dL      dp_j = drop_j dOut . v_j      ds_j = p_j (dp_j - D)
 * dv_j += drop_j p_j dOut      dq += scale slope_j ds_j k_j      dk_j += scale slope_j ds_j q
 * dbias_j += ds_j
 * </pre>
 *
 * <p>The problem may be a branch of a merge: then output, maximum and sum are those of the merged
 * softmax, p is the branch's share of it, and the same lines hold. Kernels take {@code p_j =
 * exp(s_j - L)} from the LSE of the forward pass to save a pass over the keys; {@link JoinedLogits}
 * says why the oracle does not. dK and dV gather their rows in ascending order of batch entry, head
 * and query.
 */
final class ScalarSoftmaxBackward {
  private final AttentionProblem problem;
  private final int branch;
  private final JoinedLogits joined;
  private final RowLogits logits;
  private final double[] out;
  private final double[] dOut;
  private final double @Nullable [] dLse;
  private final double[] dq;
  private final double[] dk;
  private final double[] dv;
  private final double @Nullable [] dBias;

  private ScalarSoftmaxBackward(
      List<Branch> branches, int branch, Tensor out, Tensor dOut, @Nullable Tensor dLse) {
    this.problem = branches.get(branch).problem();
    this.branch = branch;
    this.joined = new JoinedLogits(branches);
    this.logits = joined.branch(branch);
    this.out = out.doubles();
    this.dOut = dOut.doubles();
    this.dLse = dLse == null ? null : dLse.doubles();
    this.dq = new double[problem.q().size()];
    this.dk = new double[problem.k().size()];
    this.dv = new double[problem.v().size()];
    Tensor bias = problem.bias();
    this.dBias = bias == null ? null : new double[bias.size()];
  }

  /** Of branch number {@code branch} of those that share a softmax, whose output is {@code out}. */
  static Gradients backward(
      List<Branch> branches, int branch, Tensor out, Tensor dOut, @Nullable Tensor dLse) {
    return new ScalarSoftmaxBackward(branches, branch, out, dOut, dLse).run();
  }

  private Gradients run() {
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.heads(); h++) {
        for (int i = 0; i < problem.queries(); i++) {
          joined.load(b, h, i);
          if (logits.size() > 0) {
            row(b, h, i);
          }
        }
      }
    }
    Tensor bias = problem.bias();
    return Gradients.of(
            Tensor.adopt(problem.q().shape(), dq),
            Tensor.adopt(problem.k().shape(), dk),
            Tensor.adopt(problem.v().shape(), dv))
        .and("dbias", bias == null || dBias == null ? null : Tensor.adopt(bias.shape(), dBias));
  }

  private void row(int b, int h, int i) {
    int row = problem.queryRow(b, h, i);
    int depth = problem.depth();
    int channels = problem.valueDepth();
    double rowDot = Rows.dot(dOut, row * channels, out, row * channels, channels);
    double delta = dLse == null ? rowDot : rowDot - dLse[row];
    for (int e = 0; e < logits.size(); e++) {
      int j = logits.key(e);
      int keyRow = problem.keyRow(b, problem.kvHead(h), j);
      double weight = joined.weight(branch, e);
      double dropout = problem.dropoutAt(b, h, i, j);
      double dWeight = 0;
      if (dropout != 0) {
        dWeight =
            dropout
                * Rows.dot(
                    dOut, row * channels, problem.v().doubles(), keyRow * channels, channels);
        Rows.addScaled(dv, keyRow * channels, dropout * weight, dOut, row * channels, channels);
      }
      double dLogit = weight * (dWeight - delta);
      if (dBias != null) {
        dBias[problem.biasPosition(b, h, i, j)] += dLogit;
      }
      double dScore = problem.scale() * (logits.slope(e) * dLogit);
      Rows.addScaled(dq, row * depth, dScore, problem.k().doubles(), keyRow * depth, depth);
      Rows.addScaled(dk, keyRow * depth, dScore, problem.q().doubles(), row * depth, depth);
    }
  }
}
