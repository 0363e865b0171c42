package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.RecurrentPlan;
import dev.assay.plan.RecurrentPlan.Rule;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Problems for plans in linear time, with numbers as their mechanisms have them: features that are
 * positive, keys of a recurrence of length about 1, decays just below 1.
 *
 * @param draw random numbers
 * @param batches B
 * @param heads H_kv
 * @param group query heads of a key head
 * @param depth d
 * @param channels d_v
 */
record LinearProblems(Draw draw, int batches, int heads, int group, int depth, int channels) {
  /** Queries and keys of features. */
  ProblemBuilder features(int queries, int keys) {
    return AttentionProblem.of(
        positive(draw.bell(1, batches, heads * group, queries, depth), 0),
        positive(draw.bell(2, batches, heads, keys, depth), 0),
        draw.bell(3, batches, heads, keys, channels));
  }

  Trial features(String name, int queries, int keys, boolean causal, double guard) {
    return Trial.of(
        name + " " + queries + " x " + keys,
        features(queries, keys).causal(causal),
        new FeaturePlan(guard));
  }

  /** Queries and keys of a recurrence. */
  ProblemBuilder recurrence(int tokens) {
    int shift = Draw.UNIT - (Integer.SIZE - Integer.numberOfLeadingZeros(depth)) / 2;
    return AttentionProblem.of(
        draw.bell(1, batches, heads * group, tokens, depth),
        draw.shifted(2, shift, batches, heads, tokens, depth),
        draw.bell(3, batches, heads, tokens, channels));
  }

  Trial recurrence(Rule rule, int tokens) {
    return Trial.of(rule + " " + tokens, recurrence(tokens), plan(rule, tokens));
  }

  /** The rule with a decay and a step size for each token. */
  Plan plan(Rule rule, int tokens) {
    return new RecurrentPlan(rule, decay(rule, tokens), beta(rule, tokens));
  }

  private @Nullable Tensor decay(Rule rule, int tokens) {
    if (!rule.decays()) {
      return null;
    }
    Tensor bell = draw.shifted(4, Draw.UNIT - 3, batches, heads, tokens, depth);
    return Tensor.generate(
        bell.shape(), p -> DType.F32.round(Math.max(0x1p-4, 1 - Math.abs(bell.get(p)))));
  }

  private @Nullable Tensor beta(Rule rule, int tokens) {
    return rule.steps() ? positive(draw.bell(5, batches, heads, tokens), 0) : null;
  }

  /** |x|, and at most 1 and at least so much where that is asked for. */
  static Tensor positive(Tensor tensor, double least) {
    return Tensor.generate(
        tensor.shape(), p -> Math.max(least, Math.min(1, Math.abs(tensor.get(p)))));
  }
}
