package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.gate.ElementGate;
import dev.assay.gradcheck.guess.Oracle;
import dev.assay.gradcheck.guess.Oracle.Softmax;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.op.Mul;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of one failing case, and the one softmax that they come from.
 *
 * @param golden the case
 * @param compared its tensors by name
 * @param problem what the softmax is asked
 * @param plan its pairs
 */
record Evidence(
    GoldenCase golden, Map<String, Comparison> compared, AttentionProblem problem, Plan plan) {
  /** Query-key pairs above which nothing is computed again. */
  private static final long TOO_MANY = 1L << 22;

  /** An explanation must come at least so much nearer than the golden value. */
  private static final double NEARER = 0.5;

  /** Evidence, or null where the output is not that of one softmax, or there are too many pairs. */
  static @Nullable Evidence of(GoldenCase golden, List<Comparison> compared, Oracle oracle) {
    Softmax softmax = oracle.softmax();
    Branch run = softmax == null ? null : softmax.attention();
    if (softmax == null
        || run == null
        || run.plan() instanceof MergePlan
        || run.plan() instanceof FeaturePlan
        || run.plan() instanceof RecurrentPlan) {
      return null;
    }
    AttentionProblem problem = run.problem();
    long rows = problem.lseShape().size();
    if (rows * problem.keys() > TOO_MANY) {
      return null;
    }
    Map<String, Comparison> byName = new LinkedHashMap<>();
    compared.forEach(each -> byName.put(each.tensor(), each));
    Tensor factor = softmax.factor();
    if (factor != null) {
      byName.computeIfPresent("out", (_, each) -> divided(each, factor));
    }
    Comparison out = byName.get("out");
    boolean same = out != null && out.golden().shape().equals(problem.outShape());
    return same ? new Evidence(golden, byName, problem, run.plan()) : null;
  }

  /**
   * What the softmax gave, where the output is a product with it; where that is 0 nothing is known.
   */
  private static Comparison divided(Comparison each, Tensor factor) {
    Tensor inverse =
        Tensor.generate(factor.shape(), p -> factor.get(p) == 0 ? 0 : 1 / factor.get(p));
    Tensor size = Tensor.generate(factor.shape(), p -> Math.abs(1 / factor.get(p)));
    Mul mul = new Mul();
    return Comparison.of(
        each.tensor(),
        each.type(),
        mul.forward(List.of(each.value(), inverse)),
        mul.forward(List.of(each.golden(), inverse)),
        mul.forward(List.of(each.bound(), size)));
  }

  /** Whether the results hold that tensor and it fails. */
  boolean fails(String tensor) {
    Comparison each = compared.get(tensor);
    return each != null && !each.passes();
  }

  /** Whether the results hold that tensor and it passes. */
  boolean passes(String tensor) {
    Comparison each = compared.get(tensor);
    return each != null && each.passes();
  }

  /** The value handed in; NaN where the tensor was not. */
  double value(String tensor, int position) {
    Comparison each = compared.get(tensor);
    return each == null ? Double.NaN : each.value().get(position);
  }

  /** Whether an element fails. */
  static boolean failing(Comparison each, int position) {
    return !ElementGate.passes(
        each.value().get(position),
        each.golden().get(position),
        each.bound().get(position),
        each.type());
  }

  /**
   * Whether the value is what it would be if the candidate were the golden number: within twice the
   * bound, grown with the candidate's size, and the more rounding of the result's type.
   */
  static boolean near(Comparison each, int position, double candidate) {
    double golden = each.golden().get(position);
    double growth = Math.clamp(Math.abs(candidate / golden), 1, 16);
    // An infinite golden number has no bound that says anything of others.
    double bound = Double.isInfinite(golden) ? 0 : each.bound().get(position);
    double room =
        2 * bound * (Double.isNaN(growth) ? 1 : growth)
            + 16 * each.type().unitRoundoff() * Math.abs(candidate);
    double value = each.value().get(position);
    if (Double.isInfinite(candidate)) {
      return value == candidate;
    }
    return ElementGate.passes(value, candidate, Double.isNaN(room) ? 0 : room, each.type());
  }

  /** Whether a candidate explains a failing value: near it, and much nearer than the golden one. */
  static boolean explains(Comparison each, int position, double candidate) {
    double value = each.value().get(position);
    double golden = each.golden().get(position);
    boolean numbers = Double.isFinite(value) && Double.isFinite(golden);
    return near(each, position, candidate)
        && !(numbers && Math.abs(value - candidate) > NEARER * Math.abs(value - golden));
  }
}
