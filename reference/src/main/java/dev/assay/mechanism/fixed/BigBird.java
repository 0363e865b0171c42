package dev.assay.mechanism.fixed;

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
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.plan.AttentionProblem;
import java.util.List;

/**
 * A block of queries meets the first and the last block, its own and both adjacent ones, and some
 * random ones; the first and the last block meet all: Zaheer et al., "Big Bird: transformers for
 * longer sequences" (2020), with internal global blocks.
 *
 * <p>Cost: O(n b (5 + r) (d + d_v)) time for each head, with blocks of b and r random ones.
 */
public record BigBird(
    @Setting(value = "b: tokens in a block, the last ragged; at least 1.", by = "4") int block,
    @Setting(value = "r: random blocks of each block of queries; at least 0.", by = "1") int random,
    @Setting(value = "Whether a block that is met in two ways counts once or twice.", by = "SET")
        Reading reading,
    @Setting(value = "From where random blocks are drawn if no idx is given.", by = "UNIFORM")
        Draw draw,
    @Setting(value = "Seed of the draw; published code takes the number of the layer.", by = "0")
        int seed,
    @Setting(
            value = "Short sequences, of at most 5 + 2 r blocks, are dense, as in Hugging Face.",
            by = "false")
        boolean denseWhenShort,
    @Setting(value = "Excludes keys after the query; the paper has no causal form.", by = "false")
        boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** How blocks that are listed twice count. */
  public enum Reading {
    /** Precise, as in the paper: a set, once. */
    SET,
    /** As the published code gathers them: each time, in one softmax. */
    MULTISET
  }

  /** Where random blocks come from. */
  public enum Draw {
    /** Precise: from all blocks that the row does not meet anyway, each at most once. */
    UNIFORM,
    /** As the published plan: the same, but only from blocks 1 to 2 r + 3. */
    FIRST_BLOCKS,
    /**
     * As the plan published for 1024, 3072 and 4096 tokens: from the blocks of the first 1024, the
     * last of these included, though it may be the global one.
     */
    OLD_PLAN,
    /** As Hugging Face does outside training: r times block 0. */
    ZEROS
  }

  /** Checks the sizes. */
  public BigBird {
    Require.positive(block, "block");
    Require.notNegative(random, "random");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return BigBirdCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "idx",
            "[H|1, blocks - 2, any]",
            "Random key blocks of each block of queries but the first and last, instead of drawing"
                + " them; -1 for none."),
        Given.BIAS,
        Given.MASK,
        Given.Q_LENS,
        Given.K_LENS);
  }

  @Override
  public Answer define(Tape tape, Inputs inputs) {
    return attend(inputs, Softmax::byOps);
  }

  @Override
  public Answer lower(Tape tape, Inputs inputs, Engine engine) {
    return attend(inputs, Softmax.on(engine));
  }

  private Answer attend(Inputs inputs, Softmax softmax) {
    AttentionProblem problem = problem(inputs);
    BigBirdBlocks blocks = blocks(inputs, problem);
    Operands operands =
        new Operands(inputs.var("q"), inputs.var("k"), inputs.var("v"), inputs.find("bias"));
    KeepMask.Rule rule = (b, h, i, j) -> blocks.meets(h, i / block, j / block);
    Pairs pairs =
        new Pairs(rule, reading == Reading.SET ? blocks.blockPlan() : blocks.gatherPlan());
    return blocks.random().choiceOf(softmax.attend(problem, operands, pairs));
  }

  private AttentionProblem problem(Inputs inputs) {
    return SelfAttention.of(Given.problem(inputs).causal(causal).givenScale(scale));
  }

  private BigBirdBlocks blocks(Inputs inputs, AttentionProblem problem) {
    return BigBirdBlocks.of(this, problem, inputs.value("idx"));
  }

  @Override
  public List<Case> cases() {
    return BigBirdCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    BigBirdBlocks blocks = blocks(inputs, problem);
    return (b, h, i, j) ->
        KeepMask.exists(problem, b, h, i, j) ? blocks.why(h, i / block, j / block) : NOT_ATTENDED;
  }
}
