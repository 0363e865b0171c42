package dev.assay.gradcheck.bound;

import dev.assay.engine.Attend;
import dev.assay.engine.AttendVjp;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.RecurrentPlan;
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
    if (run.plan() instanceof RecurrentPlan recurrent) {
      RecurrentOperands x = RecurrentOperands.of(run.problem(), recurrent, inputs);
      return List.of(RecurrentForwardBound.of(x, outputs.getFirst(), u));
    }
    Operands x = Operands.of(run.problem(), run.plan(), inputs);
    if (run.plan() instanceof FeaturePlan) {
      return List.of(FeatureForwardBound.of(x, outputs.getFirst(), u));
    }
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
    if (attend.plan() instanceof RecurrentPlan recurrent) {
      RecurrentOperands x = RecurrentOperands.of(attend.problem(), recurrent, held);
      return new RecurrentBackwardBound(x, dOut, u).errors(gradients);
    }
    Operands x = Operands.of(attend.problem(), attend.plan(), held);
    if (attend.plan() instanceof FeaturePlan) {
      return new FeatureBackwardBound(x, out, dOut, u).errors(gradients);
    }
    return new SoftmaxBackward(x, out, inputs.get(slots + 1), dOut, dLse, u).errors(gradients);
  }
}
