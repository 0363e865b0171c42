package dev.assay.gradcheck.bound;

import dev.assay.engine.Attend;
import dev.assay.engine.AttendVjp;
import dev.assay.plan.MergePlan;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Bounds of recorded runs of plans, forward and backward. */
final class AttendBound {
  private AttendBound() {}

  /** Bounds of out and, if the plan has one, lse. */
  static List<double[]> forward(Attend run, List<Known> inputs, List<Tensor> outputs, Rounding u) {
    if (run.plan() instanceof MergePlan merge) {
      Branches branches = Branches.of(merge, inputs, run.engine(), u);
      MergeForward bound = new MergeForward(branches, outputs.getFirst(), u);
      return List.of(bound.errorOut(), bound.errorLse()).subList(0, outputs.size());
    }
    Operands x = Operands.of(run.problem(), run.plan(), inputs);
    SoftmaxForward bound = new SoftmaxForward(x, outputs.getFirst(), u);
    return List.of(bound.errorOut(), bound.errorLse()).subList(0, outputs.size());
  }

  /** Bounds of the gradient of every slot. */
  static List<double[]> backward(
      AttendVjp run, List<Known> inputs, List<Tensor> gradients, Rounding u) {
    Attend attend = run.attend();
    int slots = gradients.size();
    List<Known> held = inputs.subList(0, slots);
    Known out = inputs.get(slots);
    Known dOut = inputs.get(slots + run.outputs());
    Known dLse = run.lseUsed() ? inputs.getLast() : null;
    if (attend.plan() instanceof MergePlan merge) {
      Branches branches = Branches.of(merge, held, attend.engine(), u);
      MergeBackward bound = new MergeBackward(branches, dOut, u);
      return merge.gates() != null
          ? bound.byGates(gradients)
          : bound.byLse(out, inputs.get(slots + 1), dLse, gradients);
    }
    Operands x = Operands.of(attend.problem(), attend.plan(), held);
    if (run.outputs() < 2) {
      throw new NoBoundException(
          "no error bound is derived for " + attend.plan().kind() + " plans");
    }
    return new SoftmaxBackward(x, out, inputs.get(slots + 1), dOut, dLse, u).errors(gradients);
  }
}
