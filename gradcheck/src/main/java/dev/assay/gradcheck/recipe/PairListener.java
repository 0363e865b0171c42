package dev.assay.gradcheck.recipe;

import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Support;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An engine that computes nothing: it lets a mechanism say which pairs it would ask for. */
final class PairListener implements Engine {
  @Override
  public String id() {
    return "pairs";
  }

  @Override
  public Availability availability() {
    return Availability.yes("listens only");
  }

  @Override
  public Storage storage() {
    return Storage.F64;
  }

  @Override
  public String precisionClass() {
    return "f64";
  }

  @Override
  public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    return Support.YES;
  }

  @Override
  public Forward forward(AttentionProblem problem, Plan plan) {
    return new Forward(Tensor.zeros(problem.outShape()), Tensor.zeros(problem.lseShape()));
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    throw new IllegalStateException("which pairs exist is known from the forward pass");
  }
}
