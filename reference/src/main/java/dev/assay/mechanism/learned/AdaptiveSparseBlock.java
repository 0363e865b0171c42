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
import dev.assay.mechanism.heads.HeadGate;
import dev.assay.mechanism.heads.HeadGates;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A gate scores blocks from pooled queries and keys; some heads meet only the blocks it selects or
 * favours, the others everything, and a second gate turns heads off: the attention of "Adaptive
 * Sparse Transformer Blocks: a paradigm shift for efficient large language models", sections 2 and
 * 3, and of "Strategies for optimizing sparse attention patterns" (2025). The gate is that of Gao
 * et al., "SeerAttention" (2024).
 *
 * <p>Cost: O((n / b)^2 d_g + n d) for the gate, O(n s b (d + d_v)) for s selected blocks of b.
 */
public record AdaptiveSparseBlock(
    @Setting(value = "How the gate acts on the scores.", by = "BINARY") Modulator modulator,
    @Setting(value = "BINARY: what the gate learns from the task.", by = "STE") Gradient gradient,
    @Setting(value = "How a score becomes a number in (0, 1].", by = "SIGMOID") Squash squash,
    @Setting(value = "How blocks are selected.", by = "TOP_K") Selection selection,
    @Setting(value = "Tokens in a block; at least 1.", by = "16") int size,
    @Setting(value = "TOP_K: blocks for each row; at least 0.", by = "4") int k,
    @Setting(value = "THRESHOLD: share of a row above which a block is met.", by = "0.005")
        double threshold,
    @Setting(value = "GLOBAL_BUDGET: share of all blocks, in [0, 1].", by = "0.25") double budget,
    @Setting(value = "So many first heads meet everything; at least 0.", by = "1") int denseHeads,
    @Setting(value = "The first block and the diagonal are always met.", by = "true")
        boolean safeguards,
    @Setting(value = "The gate turns pooled vectors by the position of their block.", by = "true")
        boolean gateRope,
    @Setting(value = "Base of the frequencies of the gate.", by = "10000") double ropeTheta,
    @Setting(value = "T of the soft form; positive.", by = "1") double temperature,
    @Setting(value = "Training: a selected block is dropped so often, in [0, 1).", by = "0")
        double dropRate,
    @Setting(value = "Training: factor of the Gumbel noise on scores; at least 0.", by = "0")
        double gumbel,
    @Setting(value = "Key of the random numbers.", by = "0") int seed,
    @Setting(value = "Training step, which they are counted by.", by = "0") int step,
    @Setting(value = "Layer, which they are keyed by.", by = "0") int layer,
    @Setting(value = "With w_gate: what it multiplies a head with.", by = "SOFT_MULT")
        HeadGate.Mode headMode,
    @Setting(value = "With w_gate: a head is active from this score on.", by = "0.3")
        double headTheta,
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** "A binary mask or a soft modulator applied to the attention scores." */
  public enum Modulator {
    /** Precise, hard: pairs of other blocks do not exist. */
    BINARY,
    /** Precise, soft: log(g + 1e-6) is added to the scores of a block. */
    SOFT_LOG,
    /** Literal: the scores of a block are multiplied by g. */
    L_MULT
  }

  /** Gradients of a hard selection. */
  public enum Gradient {
    /** The gradient of the mask is passed to g. */
    STE,
    /** None: the gate learns by distillation alone. */
    DETACH
  }

  /** From scores to (0, 1]. */
  public enum Squash {
    SIGMOID,
    /** The softmax of a row divided by its maximum. */
    ROW_SOFTMAX
  }

  /** How many blocks are selected. */
  public enum Selection {
    /** So many for each row and head. */
    TOP_K,
    /** Those with a large share of the row's softmax. */
    THRESHOLD,
    /** A share of all blocks of all rows and sparse heads together, by their shares of a row. */
    GLOBAL_BUDGET
  }

  /** Checks the numbers. */
  public AdaptiveSparseBlock {
    Require.positive(size, "size");
    Require.notNegative(k, "k");
    Require.notNegative(denseHeads, "denseHeads");
    Require.argument(budget >= 0 && budget <= 1, "budget is %s: it must lie in [0, 1]", budget);
    Require.finite(threshold, "threshold");
    Require.argument(
        temperature > 0 && Double.isFinite(temperature),
        "temperature is %s: it must be positive",
        temperature);
    Require.argument(
        gumbel >= 0 && Double.isFinite(gumbel), "gumbel is %s: it must not be negative", gumbel);
    Ranges.dropoutRate(dropRate);
    Ranges.rotary(ropeTheta, 0);
    Ranges.scale(scale);
  }

  @Override
  public String leak() {
    return causal && size > 1 ? "a block is judged by all of its queries and keys" : "";
  }

  @Override
  public Card card() {
    return AdaptiveSparseBlockCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return AdaptiveSparseBlockTensors.all();
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return answer(inputs, Softmax::byOps);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return answer(inputs, Softmax.on(engine));
  }

  /**
   * The scores of blocks, [B, H, N_q, N_k], for a loss of the gate alone; what is not {@link
   * #admissible} has no score.
   */
  public Var gateLogits(Inputs inputs) {
    return BlockGate.of(this, inputs, problem(inputs)).logits();
  }

  /** 1 where a block holds a pair that may exist. */
  public Tensor admissible(Inputs inputs) {
    return ScorePlane.anyOf(problem(inputs), size);
  }

  /** Scores and choice for one set of inputs. */
  private record Chosen(BlockGate gate, Tensor blocks, Tensor safe, double margin) {}

  private Chosen chosen(Inputs inputs, AttentionProblem problem) {
    BlockGate gate = BlockGate.of(this, inputs, problem);
    BlockChoice choice =
        new BlockChoice(this, problem, gate.admissible(), inputs.truths("protected"));
    Tensor given = inputs.truths("blocks");
    Require.argument(
        given == null || modulator == Modulator.BINARY,
        "blocks was given, but modulator %s selects none",
        modulator);
    if (modulator != Modulator.BINARY) {
      return new Chosen(gate, gate.admissible(), choice.safe(), Double.POSITIVE_INFINITY);
    }
    Tensor blocks = given == null ? choice.choose(gate.logits().value()) : choice.given(given);
    return new Chosen(gate, blocks, choice.safe(), choice.margin());
  }

  private Answer answer(Inputs inputs, Softmax softmax) {
    AttentionProblem problem = problem(inputs);
    Chosen chosen = chosen(inputs, problem);
    Map<String, Tensor> choices = new LinkedHashMap<>();
    if (modulator == Modulator.BINARY) {
      choices.put("blocks", chosen.blocks());
    }
    HeadGates heads = heads(inputs, problem);
    Softmax gated = heads == null ? softmax : heads.skipping(softmax, answer -> {});
    Answer attended =
        new BlockModulation(this, inputs, problem, chosen.gate(), chosen.safe())
            .attend(chosen.blocks(), gated);
    Var out = attended.out();
    double margin = chosen.margin();
    if (heads != null) {
      choices.put("active", heads.active());
      margin = Math.min(margin, heads.margin());
      out = headsOff(heads, Softmax.withoutEmptyRows(heads.times(out), attended));
    }
    Var rows = inputs.find("out_gate");
    out = rows == null ? out : gatedRows(out, rows, attended);
    Var lse = heads == null && rows == null ? attended.lse() : null;
    return new Answer(out, lse, choices, margin);
  }

  /** What an engine skips, ops must not leave either. */
  private static Var headsOff(HeadGates heads, Var out) {
    return Ops.select(out, KeepMask.where(out.shape(), x -> heads.attends(x[0], x[1], x[2])));
  }

  private static Var gatedRows(Var out, Var logits, Answer attended) {
    Shape rows = out.shape().with(3, 1);
    Require.argument(
        logits.shape().equals(Shape.of(rows.extent(0), rows.extent(1), rows.extent(2))),
        "out_gate has shape %s: one logit for each row of %s is needed",
        logits.shape(),
        rows);
    Tensor met = KeepMask.where(rows, x -> Softmax.meets(x[0], x[1], x[2], attended));
    Var gate = Ops.sigmoid(Ops.select(Ops.reshape(logits, rows), met));
    return Softmax.withoutEmptyRows(Ops.mul(out, gate), attended);
  }

  private @Nullable HeadGates heads(Inputs inputs, AttentionProblem problem) {
    if (!inputs.has("w_gate")) {
      return null;
    }
    HeadGate.Granularity granularity =
        causal ? HeadGate.Granularity.PREFIX : HeadGate.Granularity.SEQUENCE;
    HeadGate gate =
        new HeadGate(HeadGate.Reading.PRECISE, headMode, granularity, headTheta, 1, false, 0);
    return HeadGates.of(gate, inputs, problem, 1);
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).causal(causal).givenScale(scale).build();
  }

  @Override
  public List<Case> cases() {
    return AdaptiveSparseBlockCases.all();
  }

  @Override
  public SequencedMap<String, Tensor> example(Example example) {
    SequencedMap<String, Tensor> tensors = example.qkv();
    Shape queries = Shape.of(example.heads(), example.depth(), 8);
    Shape keys = Shape.of(example.heads(), 3 * example.depth(), 8);
    tensors.put("w_gate_q", example.draw("w_gate_q", queries, CaseBuilder.UNIT));
    tensors.put("w_gate_k", example.draw("w_gate_k", keys, CaseBuilder.UNIT));
    return tensors;
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    Chosen chosen = chosen(inputs, problem);
    HeadGates heads = heads(inputs, problem);
    Tensor gate = chosen.gate().soft(this, chosen.safe()).value();
    return (b, h, i, j) -> {
      int row = i / size;
      int column = j / size;
      if (!KeepMask.exists(problem, b, h, i, j)
          || chosen.blocks().at(b, h, row, column) == 0
          || (heads != null && !heads.attends(b, h, i))) {
        return NOT_ATTENDED;
      }
      String block = ": block " + column;
      if (h < denseHeads) {
        return "dense head" + block;
      }
      if (chosen.safe().at(b, h, row, column) != 0) {
        return (column == row ? "diagonal" : column == 0 ? "sink" : "protected") + block;
      }
      String g = String.format(Locale.ROOT, ", g = %.3f", gate.at(b, h, row, column));
      return (modulator == Modulator.BINARY ? "selected" : "soft") + block + g;
    };
  }
}
