package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs plans. An engine never converts storage, never falls back to another engine, and gives the
 * same bits for the same input whatever the number of threads.
 */
public interface Engine {
  /** What the command line calls it. */
  String id();

  /** Whether it can run here. */
  Availability availability();

  /**
   * What there is to say of it beyond whether it can run, a line each: devices, what was measured
   * on them. May take a second.
   */
  default List<String> details() {
    return List.of();
  }

  /** The storage that its tensors must have. */
  Storage storage();

  /** The precision class whose bounds judge it, for instance {@code f32-flash}. */
  String precisionClass();

  /** Whether it can do all that is demanded, or why not. */
  Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands);

  /**
   * Output and, where the plan has one, LSE.
   *
   * @throws UnsupportedPlanException if {@link #supports} says no
   * @throws IllegalArgumentException if a tensor is not held in {@link #storage}
   */
  Forward forward(AttentionProblem problem, Plan plan);

  /**
   * Gradients of {@code <dOut, out> + <dLse, lse>}: one for each of {@link dev.assay.plan.Slots},
   * in that order.
   *
   * @param forward what {@link #forward} gave for the same problem and plan
   * @param dOut cotangent of the output
   * @param dLse cotangent of the LSE, or null for zero
   */
  Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse);
}
