package dev.assay.mechanism.selected;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Distillation;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.LastRow;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.Taught;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/**
 * A small gate on pooled queries and keys, taught to imitate the block map of dense attention, says
 * which blocks of keys each block of queries meets: Gao et al., "SeerAttention: Learning intrinsic
 * sparse attention in your LLMs" (2024). The choice has no gradient; {@link #loss} is what trains
 * the gate.
 *
 * <p>Cost: O(n d + N^2 d_g) for the gate with N = n/b, O(density n^2 (d + d_v)) for the attention.
 */
public record SeerAttention(
    @Setting(value = "b: queries and keys in a block; at least 1. The paper has 64.", by = "8")
        int block,
    @Setting(value = "How a block of queries is pooled.", by = "AVG") GatePool queryPool,
    @Setting(value = "How a block of keys is pooled.", by = "MAX_MIN_AVG") GatePool keyPool,
    @Setting(value = "By which scores blocks are chosen.", by = "GATE") GateScores scores,
    @Setting(value = "How scores choose blocks.", by = "THRESHOLD") Choice choice,
    @Setting(value = "THRESHOLD: blocks with more probability are met; at least 0.", by = "0.02")
        double threshold,
    @Setting(value = "rho of the other choices, the share that is met; in (0, 1].", by = "0.5")
        double ratio,
    @Setting(value = "Last rows of blocks that meet every block; the code has 2.", by = "0")
        int denseRows,
    @Setting(value = "Always meets the block of the queries themselves.", by = "false")
        boolean forceDiagonal,
    @Setting(value = "How pooled queries and keys are turned, by block starts.", by = "HALF")
        GateRope rope,
    @Setting(value = "Base of the gate's rotary frequencies.", by = "10000") double theta,
    @Setting(value = "Excludes keys after the query's position.", by = "true") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism, Taught {

  /** From scores to blocks. */
  public enum Choice {
    /** Softmax of a row above the threshold. */
    THRESHOLD,
    /**
     * Precise: the best {@code (1 - sqrt(1 - rho)) N} of a row, so that rho of a triangle is met.
     */
    TRIANGLE_RATIO,
    /** Literal: the best {@code rho N} of a row. */
    ROW_RATIO
  }

  /** Checks the numbers. */
  public SeerAttention {
    Require.positive(block, "block");
    Require.argument(
        threshold >= 0 && threshold < 1, "threshold is %s: it must lie in [0, 1)", threshold);
    Require.argument(ratio > 0 && ratio <= 1, "ratio is %s: it must lie in (0, 1]", ratio);
    Require.notNegative(denseRows, "denseRows");
    Ranges.rotary(theta, 0);
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return SeerAttentionCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec(
            "q_gate", "[B, H, n_q, d]", Kind.INPUT, false, "What the gate pools, instead of q."),
        new TensorSpec(
            "k_gate", "[B, H_kv, n_k, d]", Kind.INPUT, false, "What the gate pools, instead of k."),
        new TensorSpec(
            "w_gate_q",
            "[H, c_q d, d_g]",
            Kind.PARAMETER,
            false,
            "Projects c_q pooled queries side by side; without it they are used as they are."),
        new TensorSpec(
            "w_gate_k",
            "[H|H_kv, c_k d, d_g]",
            Kind.PARAMETER,
            true,
            "Projects c_k pooled keys side by side; one for each head of queries or of keys."),
        Given.choice(
            "idx",
            "[B|1, H|1, N_q, any]",
            "Blocks that each block of queries meets, instead of choosing them; -1 for none."),
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
    AttentionProblem problem = problem(inputs);
    Operands operands = new Operands(inputs.var("q"), inputs.var("k"), inputs.var("v"), null);
    if (isDecoding(problem)) {
      return softmax.attend(problem, operands, Pairs.ALL);
    }
    return selection(inputs, problem).attend(problem, operands, softmax);
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).causal(causal).givenScale(scale).build();
  }

  /** A single query has no block to pool: it meets every key. */
  private static boolean isDecoding(AttentionProblem problem) {
    return problem.queries() == 1 && problem.keys() != 1;
  }

  private Selection selection(Inputs inputs, AttentionProblem problem) {
    Tensor given = inputs.value("idx");
    SeerGate gate = new SeerGate(this, GateLayer.apart(this, inputs), problem);
    return given == null
        ? gate.choose()
        : Selection.given(given, gate.rows(), block, new KeyBlocks(problem, block));
  }

  /**
   * The scores of blocks {@code Z = q_g . k_g / sqrt(d_g)}, [B, H, N, N], on the tape of the
   * inputs; 0 where a block lies after the queries or holds no valid token.
   */
  public Var logits(Inputs inputs) {
    return new SeerGate(this, inputs, problem(inputs)).logits();
  }

  /**
   * What the gate is taught, [B, H, N, N]: the largest weight of dense attention in each block,
   * divided by the sum of its row.
   */
  public Tensor target(Inputs inputs) {
    return new SeerGate(this, inputs, problem(inputs)).target();
  }

  /** The divergence of the gate from {@link #target}, a scalar on the tape of the inputs. */
  public Var loss(Inputs inputs, Distillation distillation) {
    SeerGate gate = new SeerGate(this, inputs, problem(inputs));
    return distillation.kl(gate.logits(), gate.target(), gate.keep());
  }

  /** The divergence, as a mean over rows. */
  @Override
  public Var lesson(Inputs inputs) {
    return loss(inputs, Distillation.BY_ROWS);
  }

  @Override
  public String leak() {
    return causal && block > 1
        ? "a block of queries is pooled and chooses together, so that its first queries choose by"
            + " its last"
        : "";
  }

  @Override
  public List<Case> cases() {
    return SeerAttentionCases.all();
  }

  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    int d = example.depth();
    Shape keys = Shape.of(example.heads(), keyPool.count() * d, d);
    tensors.put("w_gate_k", example.draw("w_gate_k", keys, CaseBuilder.UNIT));
    if (queryPool.count() > 1) {
      Shape queries = Shape.of(example.heads(), queryPool.count() * d, d);
      tensors.put("w_gate_q", example.draw("w_gate_q", queries, CaseBuilder.UNIT));
    }
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    if (isDecoding(problem)) {
      return (b, h, i, j) -> KeepMask.exists(problem, b, h, i, j) ? "dense decoding" : NOT_ATTENDED;
    }
    Selection selection = selection(inputs, problem);
    SeerGate gate = new SeerGate(this, GateLayer.apart(this, inputs), problem);
    // A given choice asks for no scores.
    Tensor z = inputs.has("idx") ? Tensor.scalar(0) : gate.scores();
    LastRow<double[]> rows = new LastRow<>((b, h, row) -> gate.probabilities(z, b, h, row));
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j) || !selection.has(b, h, i, j, problem.heads())) {
        return NOT_ATTENDED;
      }
      String kind = i / block == j / block ? "own block: " : "gated block: ";
      String why =
          inputs.has("idx") ? "" : ", " + BestScores.place(rows.of(b, h, i / block), j / block);
      return kind + j / block + why;
    };
  }
}
