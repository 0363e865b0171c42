package dev.assay.mechanism.fixed;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.GatherPlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * Softmax over multisets by ops: a key that a {@link GatherPlan} counts c times weighs c times, for
 * its logit gains log c. Other plans hold sets.
 */
final class Multisets {
  private Multisets() {}

  static Softmax byOps() {
    return (problem, operands, pairs) ->
        Softmax.byOps(
            problem,
            pairs.plan() instanceof GatherPlan listed
                ? counted(problem, operands, listed)
                : operands,
            pairs);
  }

  private static Operands counted(AttentionProblem problem, Operands operands, GatherPlan listed) {
    int keys = problem.keys();
    double[] logs = new double[problem.lseShape().size() * keys];
    for (int row = 0; row + 1 < listed.rowPtr().length; row++) {
      for (int e = listed.rowPtr()[row]; e < listed.rowPtr()[row + 1]; e++) {
        logs[row * keys + listed.keys()[e]] = StrictMath.log(listed.counts()[e]);
      }
    }
    Shape pairs = Shape.of(problem.batches(), problem.heads(), problem.queries(), keys);
    Var counts = Ops.constant(operands.q().tape(), Tensor.adopt(pairs, logs));
    Var bias = operands.bias();
    return new Operands(
        operands.q(), operands.k(), operands.v(), bias == null ? counts : Ops.add(bias, counts));
  }
}
