package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.learned.Lspg.Gate;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Attention under the pattern of an {@link Lspg}, in each of its mask modes.
 *
 * @param lspg how the pattern acts
 * @param inputs queries, keys and values
 * @param problem which pairs may exist
 * @param pattern which do
 */
record PatternAttention(Lspg lspg, Inputs inputs, AttentionProblem problem, SparsePattern pattern) {
  private static final double SOFT_FLOOR = 1e-6;

  /** Output and LSE; ZERO_LOGIT has no plan and asks no engine. */
  Answer attend(Softmax softmax) {
    return switch (lspg.maskMode()) {
      case NEG_INF -> selected(softmax);
      case LOG_SOFT -> weighed(softmax);
      case ZERO_LOGIT -> {
        Weights weights = weights();
        yield Answer.of(weights.times(inputs.var("v")), weights.lse());
      }
    };
  }

  /** On an engine, with the gradient of the gate around it. */
  private Answer selected(Softmax softmax) {
    Answer hard = softmax.attend(problem, operands(null), pattern.pairs(problem));
    Var m = through();
    if (m == null) {
      return hard;
    }
    ScorePlane tokens = tokens();
    return Weights.through(
        hard, tokens.scores(), inputs.var("v"), pattern.tokens(problem), tokens.admissible(), m);
  }

  /** The logarithm of the gate is a bias. */
  private Answer weighed(Softmax softmax) {
    Var bias = logGate();
    AttentionProblem biased =
        problem.with(problem.q(), problem.k(), problem.v(), bias.value()).build();
    Pairs pairs =
        lspg.budget() > 0
            ? pattern.pairs(problem)
            : new Pairs((b, h, i, j) -> true, new DensePlan());
    return softmax.attend(biased, operands(bias), pairs);
  }

  private Operands operands(@Nullable Var bias) {
    return new Operands(inputs.var("q"), inputs.var("k"), inputs.var("v"), bias);
  }

  private ScorePlane tokens() {
    return ScorePlane.tokens(problem, inputs.var("q"), inputs.var("k"));
  }

  private Var logGate() {
    Var m = pattern.spread(Objects.requireNonNull(pattern.soft()), problem);
    Var gate = lspg.gate() == Gate.DETACH ? Ops.detach(m) : m;
    return Ops.log(Ops.shift(gate, SOFT_FLOOR));
  }

  /** The gate of every pair of tokens that a gradient is passed to, or null. */
  private @Nullable Var through() {
    Var soft = pattern.soft();
    return lspg.gate() != Gate.STE || soft == null ? null : pattern.spread(soft, problem);
  }

  /** The softmax as a matrix, in every mode. */
  Weights weights() {
    ScorePlane tokens = tokens();
    Tensor support = pattern.tokens(problem);
    return switch (lspg.maskMode()) {
      case NEG_INF -> Weights.of(tokens.scores(), support, tokens.admissible(), through());
      case LOG_SOFT -> Weights.of(Ops.add(tokens.scores(), logGate()), support);
      case ZERO_LOGIT ->
          Weights.of(Ops.mul(tokens.scores(), factor(support, tokens.admissible())), zeroable());
    };
  }

  /** M as a factor of the scores: hard, hard with the gradient of its gate, or the gate itself. */
  private Var factor(Tensor support, Tensor admissible) {
    Var soft = pattern.soft();
    if (lspg.gate() == Gate.SOFT && soft != null) {
      return pattern.spread(soft, problem);
    }
    Var hard = Ops.constant(inputs.var("q").tape(), support);
    Var m = through();
    return m == null ? hard : Ops.straightThrough(hard, Ops.select(m, admissible));
  }

  /** The pairs that ZERO_LOGIT lets take part. */
  Tensor zeroable() {
    AttentionProblem wide = problem;
    if (lspg.causal() && !lspg.causalAfterZero()) {
      int[] offsets = new int[problem.batches()];
      Arrays.setAll(offsets, problem::offset);
      wide = lspg.builder(inputs).causal(false).offset(offsets).build();
    }
    return KeepMask.of(wide, (b, h, i, j) -> true);
  }
}
