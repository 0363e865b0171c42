package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The scalar engine, remembering every softmax that it runs, in order, so that its weights can be
 * looked at afterwards. Of features it remembers the weights that they make, of a recurrence what
 * the value of a token counts for later.
 */
public final class WatchedEngine implements Engine {
  private final Engine scalar = new ScalarEngine();
  private final List<AttentionRows> softmaxes = new ArrayList<>();

  /** An engine that has run nothing yet. */
  public WatchedEngine() {}

  /** The softmaxes that were run: one for each plan, and for a merge one for each branch. */
  public List<AttentionRows> softmaxes() {
    return List.copyOf(softmaxes);
  }

  @Override
  public String id() {
    return scalar.id();
  }

  @Override
  public Availability availability() {
    return scalar.availability();
  }

  @Override
  public Storage storage() {
    return scalar.storage();
  }

  @Override
  public String precisionClass() {
    return scalar.precisionClass();
  }

  @Override
  public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    return scalar.supports(problem, plan, demands);
  }

  @Override
  public Forward forward(AttentionProblem problem, Plan plan) {
    Forward forward = scalar.forward(problem, plan);
    remember(problem, plan);
    return forward;
  }

  private void remember(AttentionProblem problem, Plan plan) {
    switch (plan) {
      case FeaturePlan feature -> softmaxes.add(new FeatureRows(problem, feature));
      case RecurrentPlan recurrent -> softmaxes.add(new RecurrentRows(problem, recurrent));
      case MergePlan merge when merge.gates() == null -> {
        for (int s = 0; s < merge.branches().size(); s++) {
          softmaxes.add(new SoftmaxRows(merge.branches(), s));
        }
      }
      case MergePlan merge ->
          merge.branches().forEach(branch -> remember(branch.problem(), branch.plan()));
      default -> softmaxes.add(new SoftmaxRows(List.of(new Branch(problem, plan)), 0));
    }
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    return scalar.backward(problem, plan, forward, dOut, dLse);
  }
}
