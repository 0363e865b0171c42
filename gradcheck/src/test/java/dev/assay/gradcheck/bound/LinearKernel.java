package dev.assay.gradcheck.bound;

import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Support;
import dev.assay.gradcheck.bound.FlashKernel.Order;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Features and recurrences in the arithmetic of a precision class, every single operation rounded,
 * written apart from the product's engines.
 *
 * @param flash the arithmetic: {@link FlashKernel} has it
 * @param chunk tokens that come together into a state; 0 for pairs, or token by token
 * @param fault a relative error of every value, 0 for an honest kernel
 */
record LinearKernel(FlashKernel flash, int chunk, double fault) implements Engine {
  static LinearKernel of(PrecisionClass precision, Order order, int chunk) {
    return new LinearKernel(new FlashKernel(precision, 16, order, false), chunk, 0);
  }

  @Override
  public String id() {
    return "linear-" + flash.id() + "-" + chunk;
  }

  @Override
  public Availability availability() {
    return flash.availability();
  }

  @Override
  public Storage storage() {
    return flash.storage();
  }

  @Override
  public String precisionClass() {
    return flash.precisionClass();
  }

  @Override
  public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    return Support.YES;
  }

  @Override
  public Forward forward(AttentionProblem problem, Plan plan) {
    return plan instanceof RecurrentPlan recurrent
        ? new LinearTokens(this, problem, recurrent).forward()
        : new LinearPairs(this, problem, (FeaturePlan) plan).forward();
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    return plan instanceof RecurrentPlan recurrent
        ? new LinearTokens(this, problem, recurrent).backward(dOut)
        : new LinearPairs(this, problem, (FeaturePlan) plan).backward(forward.out(), dOut);
  }

  /** Rounds to the type of sums. */
  double sums(double x) {
    return flash.sums(x);
  }

  /** Rounds to the type of results. */
  double stored(double x) {
    return flash.stored(x);
  }

  /** The sum of n terms, each rounded, in this kernel's order. */
  double sum(int n, IntToDoubleFunction term) {
    double[] terms = new double[n];
    for (int e = 0; e < n; e++) {
      terms[e] = sums(term.applyAsDouble(e));
    }
    return flash.sum(terms, 0, n);
  }

  /** The values, with the fault if there is one. */
  double[] values(AttentionProblem problem) {
    double[] v = problem.v().toDoubles();
    for (int p = 0; p < v.length; p++) {
      v[p] *= 1 + fault;
    }
    return v;
  }

  Tensor tensor(Tensor like, double[] values) {
    for (int p = 0; p < values.length; p++) {
      values[p] = stored(values[p]);
    }
    return flash.tensor(like.shape(), values);
  }
}
