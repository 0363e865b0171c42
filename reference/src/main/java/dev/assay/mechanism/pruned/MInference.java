package dev.assay.mechanism.pruned;

import dev.assay.autograd.Tape;
import dev.assay.check.Require;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Card;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Ranges;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.TensorSpec;
import dev.assay.plan.AttentionProblem;
import java.util.List;

/**
 * Every head has one of three patterns, found offline; where on it the weight lies is found from
 * the last queries or from means of blocks: Jiang et al., "MInference 1.0: accelerating pre-filling
 * for long-context LLMs via dynamic sparse attention" (2024).
 *
 * <p>Cost: O(probe n d) for columns and diagonals, O((n / block)^2 d) for blocks, then as many
 * pairs as are kept.
 */
public record MInference(
    @Setting(value = "Lines of tokens, or as the published kernels round them.", by = "PRECISE")
        Reading reading,
    @Setting(
            value = "The pattern of every head, where patterns is not given.",
            by = "VERTICAL_SLASH")
        HeadPattern pattern,
    @Setting(value = "VERTICAL_SLASH: columns to keep; at least firstColumns are.", by = "1000")
        int vertical,
    @Setting(value = "VERTICAL_SLASH: diagonals to keep; at least minSlash are.", by = "6096")
        int slash,
    @Setting(value = "VERTICAL_SLASH: queries that decide, the last ones; at least 1.", by = "64")
        int probe,
    @Setting(value = "VERTICAL_SLASH: first columns, which come before all others.", by = "30")
        int firstColumns,
    @Setting(
            value = "VERTICAL_SLASH: nearest diagonals, which come before all others; at least 1.",
            by = "100")
        int nearDiagonals,
    @Setting(value = "VERTICAL_SLASH: diagonals to keep at least; at least 1.", by = "50")
        int minSlash,
    @Setting(value = "A_SHAPE: first columns.", by = "128") int init,
    @Setting(value = "A_SHAPE: keys up to the query's own; at least 1.", by = "3968") int local,
    @Setting(value = "BLOCK_SPARSE: blocks that a row keeps; at least 1.", by = "100")
        int topBlocks,
    @Setting(value = "Tokens in a block; at least 1.", by = "64") int block,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** How the source is read. */
  public enum Reading {
    /**
     * Precise: columns and diagonals of tokens; means of valid tokens, and a block on the diagonal
     * always kept.
     */
    PRECISE,
    /**
     * Literal: the kernels widen a diagonal to a block of keys for a block of queries, and where
     * two such blocks of keys overlap, the first by a whole block; means divide by the whole block;
     * no block is forced.
     */
    LITERAL
  }

  /** Where a head looks; the tensor patterns holds these by number. */
  public enum HeadPattern {
    /** The first columns and a band along the diagonal. */
    A_SHAPE,
    /** Columns and diagonals that the probe attends to most. */
    VERTICAL_SLASH,
    /** Blocks of largest product of means. */
    BLOCK_SPARSE
  }

  /** Checks the sizes. */
  public MInference {
    Require.notNegative(vertical, "vertical");
    Require.notNegative(slash, "slash");
    Require.positive(probe, "probe");
    Require.notNegative(firstColumns, "firstColumns");
    // Without the main diagonal rows could be empty, and the kernels would read columns ahead.
    Require.positive(nearDiagonals, "nearDiagonals");
    Require.positive(minSlash, "minSlash");
    Require.notNegative(init, "init");
    Require.positive(local, "local");
    Require.positive(topBlocks, "topBlocks");
    Require.positive(block, "block");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return MInferenceCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "patterns",
            "[H]",
            "The pattern of each head: 0 A_SHAPE, 1 VERTICAL_SLASH, 2 BLOCK_SPARSE."),
        Given.choice(
            "columns",
            "[B|1, H|1, n]",
            "VERTICAL_SLASH: 1 where a column is kept, instead of choosing by the probe."),
        Given.choice(
            "diagonals",
            "[B|1, H|1, n]",
            "VERTICAL_SLASH: 1 where the diagonal of a distance is kept, as columns."),
        Given.choice(
            "block_mask",
            "[B|1, H|1, N, N]",
            "BLOCK_SPARSE: 1 where a block is kept, instead of choosing by means."),
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
    AttentionProblem problem = Pruned.prefill(inputs, scale);
    Margin margin = new Margin();
    PatternChoice choice = PatternChoice.of(this, problem, inputs, margin);
    TokenTables kept = choice.table(this, problem);
    return new Pruned(kept.pairs(problem), choice.tensors(problem), margin.nearest())
        .attend(softmax, problem, inputs);
  }

  @Override
  public boolean causal() {
    return true;
  }

  /** Of the setting; heads that the tensor patterns makes choose leak all the same. */
  @Override
  public String leak() {
    return pattern == HeadPattern.A_SHAPE
        ? ""
        : "the last queries, or means of blocks, choose what all queries read";
  }

  @Override
  public List<Case> cases() {
    return MInferenceCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = Pruned.prefill(inputs, scale);
    PatternChoice choice = PatternChoice.of(this, problem, inputs, new Margin());
    TokenTables kept = choice.table(this, problem);
    PatternReasons reasons = new PatternReasons(this, problem, inputs, choice);
    return (b, h, i, j) ->
        KeepMask.exists(problem, b, h, i, j) && kept.keeps(b, h, i, j)
            ? reasons.of(b, h, i, j)
            : NOT_ATTENDED;
  }
}
