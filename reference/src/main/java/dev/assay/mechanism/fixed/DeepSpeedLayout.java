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
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.mechanism.TensorSpec;
import dev.assay.op.Ops;
import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The block layouts that DeepSpeed's sparse attention builds from a few numbers: Microsoft,
 * DeepSpeed, {@code ops/sparse_attention/sparsity_config.py} (2020), after Child et al. (2019),
 * Zaheer et al. (2020) and Beltagy et al. (2020).
 *
 * <p>Cost: O(z b^2 (d + d_v)) time for z listed blocks of b.
 */
public record DeepSpeedLayout(
    @Setting(value = "Which of the configurations.", by = "FIXED") Layout layout,
    @Setting(value = "Tokens in a block, the last ragged; at least 1.", by = "16") int block,
    @Setting(value = "Leaves later blocks out, where the layout does so.", by = "false")
        boolean unidirectional,
    @Setting(value = "Whether unidirectional means tokens, or blocks alone.", by = "PRECISE")
        Reading reading,
    @Setting(value = "Heads differ, in patterns and random blocks.", by = "false")
        boolean differentLayoutPerHead,
    @Setting(value = "FIXED: blocks of a local window.", by = "4") int numLocalBlocks,
    @Setting(value = "FIXED: of each window; BIGBIRD: first blocks that are global.", by = "1")
        int numGlobalBlocks,
    @Setting(value = "FIXED and VARIABLE: global blocks see all, too.", by = "false")
        boolean horizontalGlobalAttention,
    @Setting(value = "FIXED: heads take turns through so many global blocks.", by = "1")
        int numDifferentGlobalPatterns,
    @Setting(value = "VARIABLE and BIGBIRD: random blocks of each row.", by = "0")
        int numRandomBlocks,
    @Setting(value = "The others: blocks of the sliding window, both sides.", by = "3")
        int numSlidingWindowBlocks,
    @Setting(value = "VARIABLE: blocks of each window, the last repeats.", by = "4")
        String localWindowBlocks,
    @Setting(value = "VARIABLE and BSLONGFORMER: global blocks.", by = "0")
        String globalBlockIndices,
    @Setting(value = "If not empty, ends of ranges that begin with the indices.", by = "")
        String globalBlockEndIndices,
    @Setting(value = "Length that the layout is built for, then cut; 0 for its own.", by = "0")
        int maxSeqLength,
    @Setting(value = "Seed of random blocks.", by = "0") int seed,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** The configurations of the library. */
  public enum Layout {
    /** All blocks. */
    DENSE,
    /** Windows side by side; the last blocks of each are seen by all. */
    FIXED,
    /** Windows of given sizes, given global blocks, random ones. */
    VARIABLE,
    /** A sliding window, random blocks, and the first blocks global. */
    BIGBIRD,
    /** A sliding window and given global blocks. */
    BSLONGFORMER,
    /** A sliding window. */
    LOCAL_WINDOW
  }

  /** What unidirectional comes to. */
  public enum Reading {
    /** Precise: no later token is seen, nor drawn. */
    PRECISE,
    /** Literal: the layout alone, with what it has of the future, own blocks included. */
    UPSTREAM
  }

  /** Checks the numbers as the library does. */
  public DeepSpeedLayout {
    Require.positive(block, "block");
    Require.positive(numLocalBlocks, "numLocalBlocks");
    Require.positive(numDifferentGlobalPatterns, "numDifferentGlobalPatterns");
    Require.notNegative(numGlobalBlocks, "numGlobalBlocks");
    Require.notNegative(numRandomBlocks, "numRandomBlocks");
    Require.positive(numSlidingWindowBlocks, "numSlidingWindowBlocks");
    Require.notNegative(maxSeqLength, "maxSeqLength");
    Require.argument(
        !unidirectional || !horizontalGlobalAttention,
        "horizontalGlobalAttention sees what comes later: it needs unidirectional=false");
    Require.argument(
        numDifferentGlobalPatterns == 1 || differentLayoutPerHead,
        "numDifferentGlobalPatterns is %d, but all heads are alike: set differentLayoutPerHead",
        numDifferentGlobalPatterns);
    if (layout == Layout.FIXED) {
      Require.positive(numGlobalBlocks, "numGlobalBlocks");
      Require.argument(
          numLocalBlocks % numGlobalBlocks == 0
              && numDifferentGlobalPatterns <= numLocalBlocks / numGlobalBlocks,
          "%d patterns of %d global blocks do not fit in windows of %d: the blocks must divide the"
              + " window, at least as often as there are patterns",
          numDifferentGlobalPatterns,
          numGlobalBlocks,
          numLocalBlocks);
    }
    BlockRanges.windows(localWindowBlocks);
    BlockRanges.of(globalBlockIndices, globalBlockEndIndices);
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return DeepSpeedLayoutCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "idx",
            "[H|1, blocks, any]",
            "Random key blocks of each block of queries, instead of drawing them; -1 for none."),
        Given.BIAS,
        Given.MASK,
        Given.Q_LENS,
        Given.K_LENS);
  }

  /**
   * The layout as the library makes it.
   *
   * @param idx random blocks [heads or 1, blocks, any], or null for drawing them here
   * @return [heads, blocks, blocks] of 0 and 1
   */
  public Tensor table(int heads, int blocks, @Nullable Tensor idx) {
    boolean[][][] tables = tables(heads, blocks, random(heads, blocks, idx));
    return KeepMask.where(Shape.of(heads, blocks, blocks), x -> tables[x[0]][x[1]][x[2]]);
  }

  private boolean[][][] tables(int heads, int blocks, RandomBlocks random) {
    boolean[][][] tables = new boolean[heads][][];
    for (int h = 0; h < heads; h++) {
      tables[h] = DeepSpeedTable.of(this, blocks, differentLayoutPerHead ? h : 0, random);
    }
    return tables;
  }

  private RandomBlocks random(int heads, int blocks, @Nullable Tensor idx) {
    if (idx != null) {
      return RandomBlocks.given(idx, heads, blocks, 0);
    }
    if (layout != Layout.VARIABLE && layout != Layout.BIGBIRD) {
      return RandomBlocks.none(blocks, 0);
    }
    boolean past = unidirectional && (reading == Reading.PRECISE || layout == Layout.BIGBIRD);
    return RandomBlocks.drawn(
        differentLayoutPerHead ? heads : 1,
        blocks,
        0,
        numRandomBlocks,
        seed,
        (row, column) -> !past || column <= row);
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
    RandomBlocks random = random(inputs, problem);
    boolean[][][] tables = tables(problem.heads(), blocks(problem), random);
    Var q = inputs.var("q");
    Operands operands = new Operands(q, inputs.var("k"), inputs.var("v"), inputs.find("bias"));
    KeepMask.Rule rule = (b, h, i, j) -> tables[h][i / block][j / block];
    int[] bounds = BlockMask.uniformBounds(problem.queries(), block);
    BlockPlan plan = new BlockPlan(BlockMask.of(bounds, bounds, tables));
    return random.choiceOf(softmax.attend(problem, operands, new Pairs(rule, plan)));
  }

  private int blocks(AttentionProblem problem) {
    return Math.ceilDiv(problem.queries(), block);
  }

  private RandomBlocks random(Inputs inputs, AttentionProblem problem) {
    return random(problem.heads(), blocks(problem), inputs.value("idx"));
  }

  private AttentionProblem problem(Inputs inputs) {
    return SelfAttention.of(
        Given.problem(inputs)
            .causal(unidirectional && reading == Reading.PRECISE)
            .givenScale(scale));
  }

  @Override
  public boolean causal() {
    return unidirectional;
  }

  @Override
  public String leak() {
    return unidirectional && reading == Reading.UPSTREAM
        ? "the layout speaks of blocks: a token sees all of its own, and some of the future"
        : "";
  }

  @Override
  public Map<String, Function<Inputs, Var>> asides() {
    return Map.of(
        "layout",
        it -> {
          AttentionProblem problem = problem(it);
          Tensor table = table(problem.heads(), blocks(problem), it.value("idx"));
          return Ops.constant(it.var("q").tape(), table);
        });
  }

  @Override
  public List<Case> cases() {
    return DeepSpeedLayoutCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = problem(inputs);
    RandomBlocks random = random(inputs, problem);
    boolean[][][] tables = tables(problem.heads(), blocks(problem), random);
    boolean[][][] fixed =
        tables(problem.heads(), blocks(problem), RandomBlocks.none(blocks(problem), 0));
    return (b, h, i, j) -> {
      int row = i / block;
      int column = j / block;
      if (!KeepMask.exists(problem, b, h, i, j) || !tables[h][row][column]) {
        return NOT_ATTENDED;
      }
      if (!fixed[h][row][column]) {
        return "random block: " + column;
      }
      return (DeepSpeedTable.local(this, row, column) ? "window: block " : "global: block ")
          + column;
    };
  }
}
