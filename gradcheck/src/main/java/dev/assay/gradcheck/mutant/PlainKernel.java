package dev.assay.gradcheck.mutant;

import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Support;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan;
import dev.assay.plan.Plan;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A fused attention as kernels are written: fp32, online softmax over tiles of keys, probabilities
 * again from the LSE in the backward. It shares no code with the reference and with the engines,
 * and is plain enough that each of its lines can be made wrong.
 *
 * @param id what it is called
 * @param lines its lines; a mutant has a wrong one
 * @param form what it is free to choose
 */
record PlainKernel(String id, Lines lines, Form form) implements Engine {
  /** The right one in a form. */
  static PlainKernel right(Form form) {
    return new PlainKernel(form.name(), Lines.RIGHT, form);
  }

  @Override
  public Availability availability() {
    return Availability.yes("plain Java, fp32");
  }

  @Override
  public Storage storage() {
    return Storage.F32;
  }

  @Override
  public String precisionClass() {
    return form.precision().id();
  }

  @Override
  public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    return switch (plan) {
      case FeaturePlan _, RecurrentPlan _, MergePlan _ -> Support.no("it computes one softmax");
      default -> Support.YES;
    };
  }

  @Override
  public Forward forward(AttentionProblem problem, Plan plan) {
    return new PlainForward(problem, plan, lines, form).run();
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    return new PlainBackward(problem, plan, lines, form, forward, dOut, dLse).run();
  }
}
