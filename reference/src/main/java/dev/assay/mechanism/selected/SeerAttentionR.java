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
import dev.assay.mechanism.Taught;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * The gate of SeerAttention for decoding: every query, unpooled and shared by the heads of a group,
 * scores the complete blocks of keys before its own: Gao et al., "SeerAttention-R: Sparse attention
 * adaptation for long reasoning" (2025). The choice has no gradient; {@link #loss} trains the gate.
 *
 * <p>Cost of a query: O(N d_g) for the gate with N = n/b, O(budget (d + d_v)) for the attention.
 */
public record SeerAttentionR(
    @Setting(value = "b: keys in a block; at least 1. The paper has 64.", by = "8") int block,
    @Setting(value = "How a group of query heads becomes one query.", by = "QPROJ")
        QueryHeads queryHeads,
    @Setting(value = "How a block of keys is pooled.", by = "MAX_MIN_AVG") GatePool keyPool,
    @Setting(value = "By which scores blocks are chosen.", by = "GATE") GateScores scores,
    @Setting(value = "How scores choose blocks.", by = "BUDGET") Choice choice,
    @Setting(
            value = "BUDGET: keys that a query meets, in whole blocks. The paper has 4096.",
            by = "24")
        int budget,
    @Setting(value = "THRESHOLD: blocks with more probability are met; at least 0.", by = "0.02")
        double threshold,
    @Setting(value = "What the query's own block is to the choice.", by = "APART")
        OpenBlock openBlock,
    @Setting(value = "By which position the key of a block is turned.", by = "START")
        BlockPosition blockPosition,
    @Setting(value = "How the gate turns queries and keys.", by = "HALF") GateRope rope,
    @Setting(value = "Base of the gate's rotary frequencies.", by = "10000") double theta,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism, Taught {

  /** From the G query heads of a group to the query of the gate. */
  public enum QueryHeads {
    /** {@code sum_g q_g W_g}, weights [H_kv, G, d, d_g]. */
    QPROJ,
    /** {@code (mean_g q_g) W}, weights [H_kv, d, d_g]. */
    QAVGPROJ,
    /** {@code mean_g q_g}; d_g = d. */
    QAVG,
    /**
     * Every head scores with its own query, taken as it comes, and scores are averaged; d_g = d.
     */
    QORIG
  }

  /** From scores to blocks. */
  public enum Choice {
    /** The best {@code budget / b} blocks. */
    BUDGET,
    /** Softmax above the threshold. */
    THRESHOLD
  }

  /** The block in which the query stands. It is always met. */
  public enum OpenBlock {
    /** Precise: it takes a place of the budget and has no score. */
    APART,
    /**
     * As coded: it competes with a logit of 0 until it is complete, and is met beside the budget if
     * it loses.
     */
    ZERO_LOGIT
  }

  /** Position of the key of a block in the gate. */
  public enum BlockPosition {
    /** Precise, the paper and the code that trains: its first token. */
    START,
    /** As the code that decodes: its last token, if that came after the first query. */
    CODED
  }

  /** Checks the numbers. */
  public SeerAttentionR {
    Require.positive(block, "block");
    Require.positive(budget, "budget");
    Require.argument(
        threshold >= 0 && threshold < 1, "threshold is %s: it must lie in [0, 1)", threshold);
    Ranges.rotary(theta, 0);
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return SeerAttentionRCard.CARD;
  }

  @Override
  public boolean causal() {
    return true;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        new TensorSpec(
            "q_gate", "[B, H, n_q, d]", Kind.INPUT, false, "What the gate reads, instead of q."),
        new TensorSpec(
            "k_gate", "[B, H_kv, n_k, d]", Kind.INPUT, false, "What the gate pools, instead of k."),
        new TensorSpec(
            "w_gate_q",
            "[H_kv, G, d, d_g] or [H_kv, d, d_g]",
            Kind.PARAMETER,
            false,
            "With QPROJ and QAVGPROJ, which need it."),
        new TensorSpec(
            "w_gate_k",
            "[H_kv, c_k d, d_g]",
            Kind.PARAMETER,
            true,
            "Projects c_k pooled keys side by side."),
        new TensorSpec(
            "q_norm", "[d_g]", Kind.PARAMETER, false, "Gain of an RMSNorm before the rotation."),
        new TensorSpec("k_norm", "[d_g]", Kind.PARAMETER, false, "As q_norm, for keys."),
        Given.choice(
            "idx",
            "[B|1, H_kv|1, n_q, any]",
            "Blocks that each query and group of heads meets, instead of choosing them; -1 for"
                + " none."),
        Given.Q_LENS,
        Given.K_LENS,
        Given.OFFSET);
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
    return selection(inputs, problem).attend(problem, operands, softmax);
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).causal(true).givenScale(scale).build();
  }

  private Selection selection(Inputs inputs, AttentionProblem problem) {
    Tensor given = inputs.value("idx");
    SeerDecodeGate gate = new SeerDecodeGate(this, GateLayer.apart(this, inputs), problem);
    KeyBlocks blocks = new KeyBlocks(problem, block);
    return given == null
        ? new SeerDecodeChoice(this, gate, blocks).choose()
        : Selection.given(given, gate.rows(), 1, blocks);
  }

  /**
   * The scores of blocks {@code q_g . k_g / sqrt(d_g)}, [B, H_kv, n_q, N], on the tape of the
   * inputs; 0 for the query's own block and those after it.
   */
  public Var logits(Inputs inputs) {
    return new SeerDecodeGate(this, inputs, problem(inputs)).logits();
  }

  /**
   * What the gate is taught, [B, H_kv, n_q, N]: the largest weight of dense attention in each
   * earlier block and over the heads of a group, divided by the sum of its row + 1e-9.
   */
  public Tensor target(Inputs inputs) {
    return new SeerDecodeGate(this, inputs, problem(inputs)).target();
  }

  /** The divergence of the gate from {@link #target}, a scalar on the tape of the inputs. */
  public Var loss(Inputs inputs, Distillation distillation) {
    SeerDecodeGate gate = new SeerDecodeGate(this, inputs, problem(inputs));
    return distillation.kl(gate.logits(), gate.target(), gate.earlier());
  }

  @Override
  public Map<String, Function<Inputs, Var>> asides() {
    return Map.of("logits", this::logits);
  }

  /** The divergence, as a mean over rows. */
  @Override
  public Var lesson(Inputs inputs) {
    return loss(inputs, Distillation.BY_ROWS);
  }

  @Override
  public List<Case> cases() {
    return SeerAttentionRCases.all();
  }

  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    int d = example.depth();
    Shape keys = Shape.of(example.heads(), keyPool.count() * d, d);
    tensors.put("w_gate_k", example.draw("w_gate_k", keys, CaseBuilder.UNIT));
    if (queryHeads == QueryHeads.QPROJ) {
      Shape queries = Shape.of(example.heads(), 1, d, d);
      tensors.put("w_gate_q", example.draw("w_gate_q", queries, CaseBuilder.UNIT));
    } else if (queryHeads == QueryHeads.QAVGPROJ) {
      Shape queries = Shape.of(example.heads(), d, d);
      tensors.put("w_gate_q", example.draw("w_gate_q", queries, CaseBuilder.UNIT));
    }
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    Selection selection = selection(inputs, problem);
    KeyBlocks blocks = new KeyBlocks(problem, block);
    SeerDecodeChoice choosing =
        new SeerDecodeChoice(
            this, new SeerDecodeGate(this, GateLayer.apart(this, inputs), problem), blocks);
    // A given choice asks for no scores.
    Tensor z = inputs.has("idx") ? Tensor.scalar(0) : choosing.scores();
    LastRow<double[]> rows =
        new LastRow<>((b, h, i) -> choosing.candidates(z, b, problem.kvHead(h), i));
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j) || !selection.has(b, h, i, j, problem.heads())) {
        return NOT_ATTENDED;
      }
      if (blocks.own(b, i) == j / block) {
        return "own block: " + j / block;
      }
      String why = inputs.has("idx") ? "" : ", " + BestScores.place(rows.of(b, h, i), j / block);
      return "gated block: " + j / block + why;
    };
  }
}
