package dev.assay.mechanism.selected;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.LastRow;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.RankedChoice;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A query meets its own block of keys and the few earlier ones whose mean key it likes best: Lu et
 * al., "MoBA: Mixture of block attention for long-context LLMs" (2025).
 *
 * <p>Cost: O(n N d) for the gate with N blocks of b keys, O(n k b (d + d_v)) for the attention.
 */
public record Moba(
    @Setting(value = "b: keys in a block; at least 1. The paper has 512 to 4096.", by = "8")
        int block,
    @Setting(value = "k: blocks that a query meets; at least 1. The paper has 3 to 12.", by = "3")
        int topK,
    @Setting(value = "Whether the own block is one of the k.", by = "COUNTED") OwnBlock ownBlock,
    @Setting(value = "What happens where n_q and n_k differ.", by = "SPARSE") Decoding decoding,
    @Setting(value = "Excludes later keys, and forces the own block.", by = "true") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d). The gate has none.", by = "0") double scale)
    implements Mechanism {

  /** Whether a query's own block takes one of the k places; with causality only. */
  public enum OwnBlock {
    /** Precise, as the published code: k - 1 earlier blocks. */
    COUNTED,
    /** Literal: the top k are drawn from the history, and the own block is added. */
    BESIDES
  }

  /** What is done where there are not as many queries as keys. */
  public enum Decoding {
    /** Precise: the gate chooses as everywhere. */
    SPARSE,
    /** As the published code: every key is met. */
    DENSE
  }

  /** Checks the numbers. */
  public Moba {
    Require.positive(block, "block");
    Require.positive(topK, "topK");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return MobaCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "idx",
            "[B|1, H|1, n_q, any]",
            "Blocks that each query meets, its own included, instead of choosing them; -1 for"
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
    Var q = inputs.var("q");
    Operands operands = new Operands(q, inputs.var("k"), inputs.var("v"), null);
    if (isDense(inputs, problem)) {
      return softmax.attend(problem, operands, Pairs.ALL);
    }
    return selection(inputs, problem).attend(problem, operands, softmax);
  }

  private boolean isDense(Inputs inputs, AttentionProblem problem) {
    return decoding == Decoding.DENSE && problem.queries() != problem.keys() && !inputs.has("idx");
  }

  private AttentionProblem problem(Inputs inputs) {
    return Given.problem(inputs).causal(causal).givenScale(scale).build();
  }

  private Selection selection(Inputs inputs, AttentionProblem problem) {
    KeyBlocks blocks = new KeyBlocks(problem, block);
    Tensor given = inputs.value("idx");
    return given == null
        ? new MobaGate(blocks, causal).choose(places(), width(blocks))
        : Selection.given(given, problem.lseShape(), 1, blocks);
  }

  /** How many blocks a query meets, its own included. */
  private int places() {
    return causal && ownBlock == OwnBlock.BESIDES ? Math.addExact(topK, 1) : topK;
  }

  private int width(KeyBlocks blocks) {
    return Math.min(places(), blocks.count());
  }

  @Override
  public Optional<RankedChoice> ranked(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    if (isDense(inputs, problem) || inputs.has("idx")) {
      return Optional.empty();
    }
    KeyBlocks blocks = new KeyBlocks(problem, block);
    return Optional.of(new MobaGate(blocks, causal).ranked(places(), width(blocks)));
  }

  @Override
  public List<Case> cases() {
    return MobaCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    if (isDense(inputs, problem)) {
      return (b, h, i, j) -> KeepMask.exists(problem, b, h, i, j) ? "dense decoding" : NOT_ATTENDED;
    }
    KeyBlocks blocks = new KeyBlocks(problem, block);
    Selection selection = selection(inputs, problem);
    LastRow<double[]> scores = new LastRow<>(new MobaGate(blocks, causal)::candidates);
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j) || !selection.has(b, h, i, j, problem.heads())) {
        return NOT_ATTENDED;
      }
      int chosen = j / block;
      if (causal && chosen == blocks.own(b, i)) {
        return "own block: " + chosen;
      }
      return inputs.has("idx")
          ? "chosen block: " + chosen
          : "chosen block: " + chosen + ", " + BestScores.place(scores.of(b, h, i), chosen);
    };
  }
}
