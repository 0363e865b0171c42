package dev.assay.mechanism.fixed;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
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
import dev.assay.mechanism.RotaryAngles;
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.op.Ops;
import dev.assay.op.Rotary.Layout;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Window;
import java.util.List;

/**
 * The sequence is cut into blocks; a query meets its own block and some before and after it, whole:
 * Parmar et al., "Image Transformer" (2018); Roy et al., "Efficient content-based sparse attention
 * with routing transformers" (2021), for the form with one block before.
 *
 * <p>Cost: O(n w (1 + before + after) (d + d_v)) time for each head, with blocks of w.
 */
public record BlockLocal(
    @Setting(value = "w: tokens in a block, the last ragged; at least 1.", by = "4") int block,
    @Setting(value = "Blocks before the query's own; at least 0.", by = "1") int before,
    @Setting(value = "Blocks after the query's own; no part if causal.", by = "1") int after,
    @Setting(
            value = "Keys are at most so many blocks' tokens away too: a sliding window.",
            by = "false")
        boolean exactWindow,
    @Setting(
            value = "The first block meets the last ones as if they were before it, and so on.",
            by = "false")
        boolean circular,
    @Setting(value = "Rotary positions, channels c and c + d/2 together.", by = "NONE") Rope rope,
    @Setting(
            value = "Keys count as directions, and a token meets itself only if nothing else.",
            by = "false")
        boolean sharedQk,
    @Setting(value = "Excludes keys after the query's position.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** Where tokens stand for rotary positions. */
  public enum Rope {
    /** None. */
    NONE,
    /** At their positions. */
    PLAIN,
    /**
     * As published: a query stands at the end of all the blocks it meets, which puts it {@code
     * after * block} behind its own key.
     */
    END_OF_CONTEXT
  }

  /** Checks the sizes. */
  public BlockLocal {
    Require.positive(block, "block");
    Require.notNegative(before, "before");
    Require.notNegative(after, "after");
    Require.argument(
        !circular || (!exactWindow && rope == Rope.NONE),
        "circular has no place for exactWindow and rope: distances have no sense across the ends");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return BlockLocalCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(Given.BIAS, Given.MASK, Given.Q_LENS, Given.K_LENS, Given.OFFSET);
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
    LocalBlocks blocks = new LocalBlocks(this, problem);
    Var k = inputs.var("k");
    Operands operands =
        new Operands(
            turned(inputs.var("q"), (b, i) -> i + problem.offset(b) + ahead()),
            directions(turned(k, (b, j) -> j), problem),
            inputs.var("v"),
            inputs.find("bias"));
    return softmax.attend(problem, operands, new Pairs(blocks::meets, blocks.plan()));
  }

  /** {@code k / |k|} of the valid keys, with shared queries and keys. */
  private Var directions(Var k, AttentionProblem problem) {
    if (!sharedQk) {
      return k;
    }
    Var valid = Ops.select(k, KeepMask.where(k.shape(), x -> x[2] < problem.keyLength(x[0])));
    // A key of length 0 has no direction and stays 0; published code divides by at least 1e-12.
    Var length = Ops.sqrt(Ops.shift(Ops.sum(Ops.mul(valid, valid), -1), 1e-24));
    return Ops.div(valid, length);
  }

  private AttentionProblem problem(Inputs inputs) {
    ProblemBuilder builder = Given.problem(inputs).causal(causal).givenScale(scale);
    if (exactWindow) {
      builder.window(new Window(tokens(before), tokens(blocksAfter())));
    }
    AttentionProblem problem = builder.build();
    Require.argument(
        !circular || LocalBlocks.plain(problem),
        "circular needs as many queries as keys, each at its own position: there are %d and %d",
        problem.queries(),
        problem.keys());
    return problem;
  }

  private int tokens(int blocks) {
    return (int) Math.min((long) blocks * block, Integer.MAX_VALUE);
  }

  /** Blocks after a query's own that it may see. */
  int blocksAfter() {
    return causal ? 0 : after;
  }

  private int ahead() {
    return rope == Rope.END_OF_CONTEXT ? tokens(blocksAfter()) : 0;
  }

  private Var turned(Var x, RotaryAngles.Position position) {
    if (rope == Rope.NONE) {
      return x;
    }
    int depth = x.shape().extent(3);
    Require.argument(depth % 2 == 0, "rope turns pairs of channels, but d is %d", depth);
    return new RotaryAngles(Layout.HALF, 10000, depth, null, null).turn(x, position);
  }

  @Override
  public List<Case> cases() {
    return BlockLocalCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    LocalBlocks blocks = new LocalBlocks(this, problem(inputs));
    return blocks::why;
  }
}
