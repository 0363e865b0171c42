package dev.assay.mechanism.learned;

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
import dev.assay.mechanism.TensorSpec;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/**
 * A learned generator looks at the scores of an input and says which pairs exist: the learned
 * sparse pattern generator (LSPG) of Alwash, Rasheed and Fattah, "Efficient Transformer
 * architectures via learnable sparse attention and optimization" (2025), section 4.3. The paper
 * gives it no equation; each open question is a setting. As read here by default:
 *
 * <pre>
 * u_ij = w (S_ij - mean_i) / (deviation_i + 1e-6) + r[bucket(i - j)]     over the keys of row i
 * t_i  = v . [1, mean_i, deviation_i, max_i, log(1 + n_i), progress]
 * m_ij = sigmoid((u_ij - t_i) / T)       M_ij = local or global or m_ij &gt; 1/2
 * out  = softmax(S with -inf where M is 0) V
 * </pre>
 *
 * <p>Cost: O(n^2 d) for the scores of tokens, O((n / b)^2 d) for those of blocks of b; then O(n s
 * d) for s selected keys a query.
 */
public record Lspg(
    @Setting(value = "The generator: precise, or one network for every score.", by = "PRECISE")
        Reading reading,
    @Setting(value = "Whether pairs of tokens or of blocks are selected.", by = "SCORE")
        Scope level,
    @Setting(value = "Tokens in a block, at level BLOCK; at least 1.", by = "16") int size,
    @Setting(value = "How a pattern acts on the scores.", by = "NEG_INF") MaskMode maskMode,
    @Setting(value = "How the generator learns through a hard pattern.", by = "STE") Gate gate,
    @Setting(
            value = "Share of each row's keys that content selects, in (0, 1]; 0 for a threshold.",
            by = "0")
        double budget,
    @Setting(value = "Keys nearer than so many tokens always exist; at least 0.", by = "32")
        int local,
    @Setting(value = "So many keys of largest importance exist for all; at least 0.", by = "4")
        int globals,
    @Setting(value = "Share of the training that is done, in [0, 1].", by = "1") double progress,
    @Setting(value = "T of the gate; 0 for 1 - 0.9 progress.", by = "0") double temperature,
    @Setting(value = "Whether a gradient flows into means and deviations.", by = "DETACHED")
        Statistics statistics,
    @Setting(value = "ZERO_LOGIT: the future is excluded after the product.", by = "true")
        boolean causalAfterZero,
    @Setting(value = "Which d the scale 1/sqrt(d) has.", by = "HEAD") ScaleDim scaleDim,
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for the one of scaleDim.", by = "0") double scale)
    implements Mechanism {

  /** How the generator is read. */
  public enum Reading {
    /** Scores standardised in their row, distances and a threshold; local and global pairs. */
    PRECISE,
    /** A network of one hidden layer on each score alone; it forces nothing and never learns. */
    LITERAL
  }

  /** What a pattern is made of. */
  public enum Scope {
    /** Pairs of tokens. */
    SCORE,
    /** Pairs of blocks, from mean queries and mean keys. */
    BLOCK
  }

  /** How M, or its gate m, acts on the scores S. */
  public enum MaskMode {
    /** Precise: {@code softmax(S + log M)}; what M excludes has no weight. */
    NEG_INF,
    /** Literal: {@code softmax(S M)} over all keys; what M excludes has the logit 0. */
    ZERO_LOGIT,
    /** {@code softmax(S + log(m + 1e-6))}: NEG_INF in the limit, differentiable before it. */
    LOG_SOFT
  }

  /** What the generator learns through a hard pattern. */
  public enum Gate {
    /** The pattern is hard, its gradient is passed to m. */
    STE,
    /** The pattern is a constant. */
    DETACH,
    /** ZERO_LOGIT multiplies by m itself; the training half of a mode that is hard afterwards. */
    SOFT
  }

  /** Gradients of the statistics of a row. */
  public enum Statistics {
    DETACHED,
    DIFFERENTIATED
  }

  /** The d of 1/sqrt(d). */
  public enum ScaleDim {
    /** Channels of a head. */
    HEAD,
    /** Channels of all heads. */
    MODEL
  }

  /** Checks the numbers. */
  public Lspg {
    Require.positive(size, "size");
    Require.notNegative(local, "local");
    Require.notNegative(globals, "globals");
    Require.argument(
        budget >= 0 && budget <= 1, "budget is %s: it must lie in (0, 1], or be 0", budget);
    Require.argument(
        progress >= 0 && progress <= 1, "progress is %s: it must lie in [0, 1]", progress);
    Require.argument(
        temperature >= 0 && Double.isFinite(temperature),
        "temperature is %s: it must be positive, or 0 for 1 - 0.9 progress",
        temperature);
    Require.argument(
        reading == Reading.PRECISE || (maskMode != MaskMode.LOG_SOFT && gate != Gate.SOFT),
        "the network of LITERAL has no gate: choose a hard maskMode and gate, or PRECISE");
    Require.argument(
        gate != Gate.SOFT || maskMode != MaskMode.NEG_INF,
        "gate SOFT has no NEG_INF: maskMode LOG_SOFT is its soft form");
    Ranges.scale(scale);
  }

  @Override
  public String leak() {
    if (!causal) {
      return "";
    }
    if (maskMode == MaskMode.ZERO_LOGIT && !causalAfterZero) {
      return "a key of the future keeps the logit 0";
    }
    return level == Scope.BLOCK ? "a block is judged by all of its queries and keys" : "";
  }

  /** T of the gate. */
  double annealed() {
    return temperature > 0 ? temperature : 1 - 0.9 * progress;
  }

  /** Whether a hard choice is made at all. */
  boolean selects() {
    return budget > 0 || (maskMode != MaskMode.LOG_SOFT && gate != Gate.SOFT);
  }

  @Override
  public Card card() {
    return LspgCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return LspgTensors.all();
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
    AttentionProblem problem = problem(inputs);
    SparsePattern pattern = pattern(inputs, problem);
    Answer attended = new PatternAttention(this, inputs, problem, pattern).attend(softmax);
    return new Answer(attended.out(), attended.lse(), pattern.choices(), pattern.margin());
  }

  /** The pattern of these inputs. */
  SparsePattern pattern(Inputs inputs, AttentionProblem problem) {
    Var q = inputs.var("q");
    Var k = inputs.var("k");
    ScorePlane plane =
        level == Scope.SCORE
            ? ScorePlane.tokens(problem, q, k)
            : ScorePlane.blocks(problem, q, k, size);
    return reading == Reading.LITERAL
        ? new LiteralGenerator(inputs).generate(inputs, plane)
        : new PatternGenerator(this, inputs, plane).generate();
  }

  AttentionProblem problem(Inputs inputs) {
    return builder(inputs).build();
  }

  ProblemBuilder builder(Inputs inputs) {
    Var q = inputs.var("q");
    ProblemBuilder problem =
        Given.problem(inputs, q, inputs.var("k"), inputs.var("v")).causal(causal);
    double channels = (double) q.shape().extent(1) * q.shape().extent(-1);
    double chosen = scaleDim == ScaleDim.MODEL ? 1 / Math.sqrt(channels) : 0;
    double factor = scale != 0 ? scale : chosen;
    return factor == 0 ? problem : problem.scale(factor);
  }

  @Override
  public List<Case> cases() {
    return LspgCases.all();
  }

  /** A gate that likes near keys; for the network, one that is positive for positive scores. */
  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    if (reading == Reading.LITERAL) {
      tensors.put("mlp_w1", Tensor.of(Shape.of(2), 1, -1));
      tensors.put("mlp_b1", Tensor.zeros(Shape.of(2)));
      tensors.put("mlp_w2", Tensor.of(Shape.of(2), 1, -1));
      tensors.put("mlp_b2", Tensor.zeros(Shape.of(1)));
      return tensors;
    }
    Shape direction = Shape.of(example.heads(), example.depth());
    tensors.put("a_global", example.draw("a_global", direction, CaseBuilder.UNIT));
    tensors.put("w_threshold", Tensor.of(Shape.of(1, 6), 1, 0, 0, 0, 0, 0));
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    SparsePattern pattern = pattern(inputs, problem);
    Tensor zeroable = new PatternAttention(this, inputs, problem, pattern).zeroable();
    return (b, h, i, j) -> {
      String reason =
          KeepMask.exists(problem, b, h, i, j) ? pattern.reasons().of(b, h, i, j) : NOT_ATTENDED;
      boolean zeroed = maskMode == MaskMode.ZERO_LOGIT && zeroable.at(b, h, i, j) != 0;
      return zeroed && reason.equals(NOT_ATTENDED) ? "zeroed: its logit is 0" : reason;
    };
  }
}
