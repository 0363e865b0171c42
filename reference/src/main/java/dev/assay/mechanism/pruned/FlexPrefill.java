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
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The last block of queries decides for all: columns and diagonals of blocks that cover a share of
 * its attention are kept; where means of blocks predict that attention well, the blocks of largest
 * predicted weight are kept besides: Lai et al., "FlexPrefill: a context-aware sparse attention
 * mechanism for efficient long-sequence inference" (2025).
 *
 * <p>Cost: O(block n d) for the probe, O((n / block)^2 d) for the prediction, O(block^2 (d + d_v))
 * for each kept block.
 */
public record FlexPrefill(
    @Setting(value = "How budgets are counted.", by = "PRECISE") Reading reading,
    @Setting(value = "Tokens in a block, and queries of the probe; at least 1.", by = "128")
        int block,
    @Setting(value = "Share of attention to cover, in [0, 1].", by = "0.9") double gamma,
    @Setting(value = "Distance below which a prediction is trusted; 0 never.", by = "0.1")
        double tau,
    @Setting(value = "Tokens' worth of columns, and of diagonals, at least.", by = "512")
        int minBudget,
    @Setting(value = "Tokens' worth of columns, and of diagonals, at most; 0 for any.", by = "0")
        int maxBudget,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** How the source is read. */
  public enum Reading {
    /**
     * Precise: the smallest budgets that cover gamma, rounded up to blocks; a diagonal belongs to
     * the block of its distance.
     */
    PRECISE,
    /**
     * Literal, as the published code counts: count / 128 + 1 blocks whatever the block, diagonals
     * grouped from the far end, and predicted blocks without the one that crosses gamma.
     */
    LITERAL
  }

  /** Checks the numbers. */
  public FlexPrefill {
    Require.positive(block, "block");
    Require.argument(gamma >= 0 && gamma <= 1, "gamma is %s: it must lie in [0, 1]", gamma);
    Require.argument(tau >= 0, "tau is %s: it must not be negative", tau);
    Require.notNegative(minBudget, "minBudget");
    Require.notNegative(maxBudget, "maxBudget");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return FlexPrefillCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "block_mask",
            "[B|1, H|1, N, N]",
            "1 where a block is kept, instead of choosing by the probe."),
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
    Tensor given = inputs.truths("block_mask");
    BlockTables kept =
        given == null
            ? table(problem, choose(problem, margin))
            : BlockTables.given(problem, block, block, given);
    return Pruned.blocks(problem, kept, margin).attend(softmax, problem, inputs);
  }

  /** What each head keeps, at b * heads + h. */
  private List<FlexHead> choose(AttentionProblem problem, Margin margin) {
    List<FlexHead> heads = new ArrayList<>();
    for (HeadRows head : HeadRows.all(problem)) {
      heads.add(new FlexChoice(this, head, margin).choose());
    }
    return heads;
  }

  private BlockTables table(AttentionProblem problem, List<FlexHead> heads) {
    BlockTables kept = BlockTables.none(problem, block, block);
    for (int head = 0; head < heads.size(); head++) {
      boolean[][] table = kept.tables()[head];
      for (int row = 0; row < table.length; row++) {
        for (int column = 0; column <= row; column++) {
          table[row][column] = heads.get(head).keeps(row, column);
        }
      }
    }
    return kept;
  }

  @Override
  public boolean causal() {
    return true;
  }

  @Override
  public String leak() {
    return "the last queries choose the columns and diagonals of all";
  }

  @Override
  public List<Case> cases() {
    return FlexPrefillCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = Pruned.prefill(inputs, scale);
    Tensor given = inputs.truths("block_mask");
    List<FlexHead> heads = given == null ? choose(problem, new Margin()) : List.of();
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j)) {
        return NOT_ATTENDED;
      }
      int row = i / block;
      int column = j / block;
      String reason =
          given == null
              ? heads.get(b * problem.heads() + h).reason(row, column)
              : KeepMask.broadcast(given, b, h, row, column) != 0
                  ? "given block: (" + row + ", " + column + ")"
                  : null;
      return reason == null ? NOT_ATTENDED : reason;
    };
  }
}
