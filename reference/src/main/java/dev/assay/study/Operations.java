package dev.assay.study;

import dev.assay.autograd.Node;
import dev.assay.autograd.Tape;
import dev.assay.op.LogSumExp;
import dev.assay.op.MaskedSoftmax;
import dev.assay.op.MatMul;
import dev.assay.op.Primitive;
import dev.assay.op.Sddmm;
import dev.assay.op.Spmm;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Tensor;

/**
 * Floating point operations by the usual count: a multiplication and an addition are one each, and
 * so is any function of one number; moving numbers is free.
 */
final class Operations {
  /** For each kept logit of a softmax: maximum, subtraction, exponential, sum, division. */
  private static final int SOFTMAX = 5;

  private Operations() {}

  /** Of everything on the tape but runs of engines. */
  static double around(Tape tape) {
    double all = 0;
    for (Node node : tape.nodes()) {
      all += node.op() instanceof Primitive op ? of(op, node) : 0;
    }
    return all;
  }

  private static double of(Primitive op, Node node) {
    Tensor out = node.outputs().getFirst().value();
    double elements = out.size();
    return switch (op) {
      case MatMul _ -> 2 * elements * node.inputs().getFirst().shape().extent(-1);
      case Sddmm kept -> 2 * ones(kept.keep()) * node.inputs().getFirst().shape().extent(-1);
      case Spmm kept -> 2 * ones(kept.keep()) * out.shape().extent(-1);
      case MaskedSoftmax kept -> SOFTMAX * ones(kept.keep());
      case LogSumExp kept -> SOFTMAX * ones(kept.keep());
      case dev.assay.op.SumTo _ -> node.inputs().getFirst().value().size();
      case dev.assay.op.Rotary _ -> 3 * elements;
      case dev.assay.op.Broadcast _,
          dev.assay.op.Concat _,
          dev.assay.op.Detach _,
          dev.assay.op.Gather _,
          dev.assay.op.Pad _,
          dev.assay.op.Permute _,
          dev.assay.op.Reshape _,
          dev.assay.op.Select _,
          dev.assay.op.Slice _,
          dev.assay.op.StraightThrough _ ->
          0;
      default -> elements;
    };
  }

  private static double ones(Tensor keep) {
    double ones = 0;
    for (int p = 0; p < keep.size(); p++) {
      ones += keep.get(p) != 0 ? 1 : 0;
    }
    return ones;
  }

  /**
   * Of an engine's run: for each pair {@code 2 (d + d_v)} and the softmax, for features and
   * recurrences the updates and reads of a state of d x d_v numbers for each token and head.
   */
  static double of(Branch work) {
    AttentionProblem p = work.problem();
    double channels = 2.0 * (p.depth() + p.valueDepth());
    double tokens = (double) p.batches() * p.heads() * (p.queries() + p.keys());
    return switch (work.plan()) {
      case FeaturePlan _ -> tokens * 2.0 * p.depth() * (p.valueDepth() + 1);
      case RecurrentPlan recurrent ->
          tokens / 2 * (recurrent.rule().steps() ? 6.0 : 4.0) * p.depth() * p.valueDepth()
              + (recurrent.rule().decays() ? tokens / 2 * p.depth() * p.valueDepth() : 0);
      default -> PairCount.of(work) * (channels + SOFTMAX);
    };
  }
}
