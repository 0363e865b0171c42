package dev.assay.mechanism.heads;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.op.Ops;
import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A learned gate turns whole heads on and off for each input: Zhao, "Optimization method design and
 * implementation of Transformer model for long sequence data", section III-A and figure 3.
 *
 * <p>Cost: O(H n d) for the gate, and O(n^2 (d + d_v)) time for each active head.
 */
public record HeadGate(
    @Setting(value = "The mechanism of the text, or the code of figure 3.", by = "PRECISE")
        Reading reading,
    @Setting(value = "What the gate multiplies a head with, and its gradient.", by = "SOFT_MULT")
        Mode mode,
    @Setting(value = "From which tokens a score is formed.", by = "SEQUENCE")
        Granularity granularity,
    @Setting(value = "A head is active where its score is at least theta.", by = "0.3")
        double theta,
    @Setting(value = "PRECISE: so many heads of largest score stay active.", by = "1")
        int keepAtLeast,
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d), in FIGURE_3 1/sqrt(H d).", by = "0")
        double scale)
    implements Mechanism {

  /** How the source is read. */
  public enum Reading {
    /** Precise: an inactive head contributes exactly 0. */
    PRECISE,
    /**
     * Literal, with its shapes repaired: queries and keys of an inactive head become 0, so that it
     * gives the mean of the admissible values; no gradient reaches the gate.
     */
    FIGURE_3
  }

  /** The factor g of a head with score s and activity a; PRECISE only. */
  public enum Mode {
    /** g = a s: the score learns through the active heads. */
    SOFT_MULT,
    /** g = a: the gate does not learn. What every mode comes to at inference but SOFT_MULT. */
    LITERAL_HARD,
    /** g = a, with the gradient of g = s: inactive heads can come back, and are computed. */
    STE,
    /** g = s for all heads: the training half of a mode whose inference is LITERAL_HARD. */
    SOFT_TRAIN
  }

  /** What a score looks at. */
  public enum Granularity {
    /** One score a head: means over all valid tokens. With causality it sees the future. */
    SEQUENCE,
    /** One score a head and token: means over the tokens up to it. */
    PREFIX,
    /** One score a head and token: that token alone. */
    TOKEN
  }

  /** Checks the numbers. */
  public HeadGate {
    Require.argument(!Double.isNaN(theta), "theta is NaN: it must be a number");
    Require.notNegative(keepAtLeast, "keepAtLeast");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return HeadGateCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec(
            "w_gate",
            "[H|1, 2 d]",
            Kind.PARAMETER,
            true,
            "Weights of [mean q ; mean k]; one row for each head, or one for all."),
        new TensorSpec(
            "b_gate",
            "[H|1]",
            Kind.PARAMETER,
            false,
            "Added to the logit of the gate; 0 if absent."),
        Given.choice(
            "active",
            "[B, H, 1 or n_q]",
            "Which heads are active, instead of comparing scores with theta."),
        Given.BIAS,
        Given.MASK,
        Given.Q_LENS,
        Given.K_LENS);
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return answer(inputs, Softmax::byOps);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return answer(inputs, Softmax.on(engine));
  }

  private Answer answer(Inputs inputs, Softmax softmax) {
    AttentionProblem problem = problem(inputs, inputs.var("k"), inputs.var("v")).build();
    HeadScores scores = scores(inputs, problem);
    Var out =
        reading == Reading.FIGURE_3
            ? zeroedHeads(inputs, scores.active(), softmax)
            : gatedHeads(inputs, problem, scores, softmax);
    return new Answer(out, null, Map.of("active", scores.active()), scores.margin());
  }

  private HeadScores scores(Inputs inputs, AttentionProblem problem) {
    return scores(inputs, problem, 1);
  }

  /** Scores and active heads; with granularity TOKEN from chunks of so many tokens. */
  HeadScores scores(Inputs inputs, AttentionProblem problem, int chunk) {
    GatePooling pooling = new GatePooling(granularity, problem, chunk);
    Tensor given = inputs.truths("active");
    if (given != null) {
      return HeadScores.given(inputs, pooling, given, !skips());
    }
    int kept = reading == Reading.FIGURE_3 ? 0 : keepAtLeast;
    return HeadScores.choose(inputs, pooling, theta, kept);
  }

  /** Whether inactive heads are never read. */
  boolean skips() {
    return reading == Reading.PRECISE && (mode == Mode.SOFT_MULT || mode == Mode.LITERAL_HARD);
  }

  /** {@code out_h = g_h Attn_h}, and exactly 0 for a head that is skipped. */
  private Var gatedHeads(
      Inputs inputs, AttentionProblem problem, HeadScores scores, Softmax softmax) {
    Tensor active = scores.active();
    AttentionProblem restricted = problem;
    Pairs pairs = Pairs.ALL;
    if (skips()) {
      KeepMask.Rule rule = (b, h, i, j) -> KeepMask.broadcast(active, b, h, i) != 0;
      if (active.shape().extent(2) == 1) {
        pairs = new Pairs(rule, activeHeads(problem, active));
      } else {
        restricted = masked(inputs, problem, rule);
      }
    }
    Var q = inputs.var("q");
    Operands operands = new Operands(q, inputs.var("k"), inputs.var("v"), inputs.find("bias"));
    Answer attended = softmax.attend(restricted, operands, pairs);
    Var out = HeadGates.times(attended.out(), mode, scores);
    return Softmax.withoutEmptyRows(out, attended);
  }

  /** All blocks of the active heads and none of the others, so that an engine skips those. */
  private static BlockPlan activeHeads(AttentionProblem problem, Tensor active) {
    int[] qBounds = BlockMask.uniformBounds(problem.queries(), 64);
    int[] kBounds = BlockMask.uniformBounds(problem.keys(), 64);
    boolean[][][] tables = new boolean[active.size()][qBounds.length - 1][kBounds.length - 1];
    for (int head = 0; head < tables.length; head++) {
      for (boolean[] row : tables[head]) {
        Arrays.fill(row, active.get(head) != 0);
      }
    }
    return new BlockPlan(BlockMask.of(qBounds, kBounds, tables));
  }

  private AttentionProblem masked(Inputs inputs, AttentionProblem problem, KeepMask.Rule rule) {
    Shape pairs = Shape.of(problem.batches(), problem.heads(), problem.queries(), problem.keys());
    return problem(inputs, inputs.var("k"), inputs.var("v"))
        .mask(KeepMask.restrict(problem.mask(), pairs, rule))
        .build();
  }

  /** The repaired code of figure 3: {@code softmax((a q) (a k)^T / sqrt(H d)) v}. */
  private Var zeroedHeads(Inputs inputs, Tensor active, Softmax softmax) {
    Var q = inputs.var("q");
    int heads = q.shape().extent(1);
    Var k = Softmax.perQueryHead(inputs.var("k"), heads);
    Var v = Softmax.perQueryHead(inputs.var("v"), heads);
    AttentionProblem problem = problem(inputs, k, v).build();
    Operands zeroed =
        new Operands(whereActive(q, active), whereActive(k, active), v, inputs.find("bias"));
    return softmax.attend(problem, zeroed, Pairs.ALL).out();
  }

  private static Var whereActive(Var x, Tensor active) {
    return Ops.select(
        x, KeepMask.where(x.shape(), at -> KeepMask.broadcast(active, at[0], at[1], at[2]) != 0));
  }

  private ProblemBuilder problem(Inputs inputs, Var k, Var v) {
    Var q = inputs.var("q");
    ProblemBuilder problem = Given.problem(inputs, q, k, v).causal(causal);
    if (scale != 0) {
      return problem.scale(scale);
    }
    double channels = (double) q.shape().extent(1) * q.shape().extent(-1);
    return reading == Reading.FIGURE_3 ? problem.scale(1 / Math.sqrt(channels)) : problem;
  }

  @Override
  public String leak() {
    return causal && granularity == Granularity.SEQUENCE
        ? "the gate takes means over the whole sequence"
        : "";
  }

  @Override
  public List<Case> cases() {
    return HeadGateCases.all();
  }

  /** Weights and offsets of the gate so large that some heads are active and some are not. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    Shape weights = Shape.of(example.heads(), 2 * example.depth());
    tensors.put("w_gate", example.draw("w_gate", weights, CaseBuilder.UNIT));
    tensors.put("b_gate", example.draw("b_gate", Shape.of(example.heads()), CaseBuilder.UNIT + 2));
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs, inputs.var("k"), inputs.var("v")).build();
    HeadScores scores = scores(inputs, problem);
    Tensor active = scores.active();
    String reach = causal ? "causal prefix" : "every key";
    return (b, h, i, j) -> {
      boolean on = KeepMask.broadcast(active, b, h, i) != 0;
      if ((!on && skips()) || !KeepMask.exists(problem, b, h, i, j)) {
        return NOT_ATTENDED;
      }
      double score = KeepMask.broadcast(scores.score().value(), b, h, i);
      return (on ? "active head: " : "inactive head: ")
          + String.format(Locale.ROOT, "score %.3f, ", score)
          + reach;
    };
  }
}
