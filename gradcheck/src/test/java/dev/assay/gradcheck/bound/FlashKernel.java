package dev.assay.gradcheck.bound;

import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Support;
import dev.assay.gradcheck.suite.PrecisionClass;
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
 * A fused attention in the arithmetic of a precision class, as a kernel would do it: online softmax
 * over blocks of keys, probabilities and score gradients rounded as the class says, every single
 * operation rounded. It is an engine, so whole mechanisms run on it; it is written apart from the
 * product's engines.
 *
 * @param precision whose arithmetic
 * @param block keys in a block
 * @param order in which keys are taken and sums are made
 * @param base2 whether exponentials are made from powers of two, as on a GPU
 */
record FlashKernel(PrecisionClass precision, int block, Order order, boolean base2)
    implements Engine {
  /** Orders of summation. */
  enum Order {
    ASCENDING,
    DESCENDING,
    PAIRWISE
  }

  @Override
  public String id() {
    return "flash-" + precision.id() + "-" + block + "-" + order + (base2 ? "-base2" : "");
  }

  @Override
  public Availability availability() {
    return Availability.yes("simulated");
  }

  @Override
  public Storage storage() {
    return precision == PrecisionClass.F64 ? Storage.F64 : Storage.F32;
  }

  @Override
  public String precisionClass() {
    return precision.id();
  }

  @Override
  public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
    boolean softmax =
        plan instanceof MergePlan merge
            ? merge.branches().stream().allMatch(branch -> hasSoftmax(branch.plan()))
            : hasSoftmax(plan);
    return softmax ? Support.YES : Support.no("it computes softmaxes alone");
  }

  private static boolean hasSoftmax(Plan plan) {
    return !(plan instanceof FeaturePlan || plan instanceof RecurrentPlan);
  }

  @Override
  public Forward forward(AttentionProblem problem, Plan plan) {
    return plan instanceof MergePlan merge
        ? new FlashMerge(this, merge).forward()
        : new FlashRows(this, problem, plan).forward();
  }

  @Override
  public Gradients backward(
      AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
    return plan instanceof MergePlan merge
        ? new FlashMerge(this, merge).backward(forward, dOut, dLse)
        : new FlashRows(this, problem, plan).backward(forward, dOut, dLse);
  }

  /** Rounds to the type of scores and sums. */
  double sums(double x) {
    return precision == PrecisionClass.F64 ? x : (float) x;
  }

  /** Rounds to the type of results. */
  double stored(double x) {
    return precision.storage().round(x);
  }

  /** e^x. */
  double exp(double x) {
    return base2
        ? sums(StrictMath.exp(sums(x * sums(1 / StrictMath.log(2))) * StrictMath.log(2)))
        : sums(StrictMath.exp(x));
  }

  /** The sum of terms that are rounded already. */
  double sum(double[] terms, int from, int to) {
    if (order == Order.PAIRWISE && to - from > 2) {
      int middle = (from + to) >>> 1;
      return sums(sum(terms, from, middle) + sum(terms, middle, to));
    }
    double sum = 0;
    for (int t = from; t < to; t++) {
      sum = sums(sum + terms[order == Order.DESCENDING ? from + to - 1 - t : t]);
    }
    return sum;
  }

  /** A tensor in this kernel's storage. */
  Tensor tensor(dev.assay.tensor.Shape shape, double[] values) {
    return Tensor.adopt(shape, values).to(storage());
  }
}
