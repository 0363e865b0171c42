package dev.assay.mechanism.pruned;

import dev.assay.autograd.Tape;
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
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.TensorSpec;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * A query takes blocks of the cache in the order of their criticality until it holds enough of the
 * attention, so that each token, head and layer spends a budget of its own: Zhou et al.,
 * "Progressive sparse attention: algorithm and system co-design for efficient attention in LLM
 * serving" (2025).
 *
 * <p>Cost: O(N d + N log N) to order N blocks and O(b (d + d_v)) for each one that is taken.
 */
public record Psa(
    @Setting(value = "When to stop: by mass that was met, or by predicted mass.", by = "PRECISE")
        Reading reading,
    @Setting(value = "PRECISE: what is supposed of blocks not met yet.", by = "BOUND") Rest rest,
    @Setting(value = "Keys in a block; at least 1.", by = "64") int block,
    @Setting(value = "PRECISE: mass that may be missed, in [0, 1]; 0 never stops.", by = "0.02")
        double epsilon,
    @Setting(value = "LITERAL: predicted mass that suffices, in [0, 1].", by = "0.95")
        double threshold,
    @Setting(value = "How the heads of a group agree on a criticality.", by = "MAX") Group group,
    @Setting(value = "Always keeps block 0.", by = "false") boolean firstBlock,
    @Setting(value = "Excludes keys after the query.", by = "true") boolean causal,
    @Setting(value = "Factor of q . k, not negative; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** How the source is read. */
  public enum Reading {
    /** Precise: stops when met / (met + rest) is at least 1 - epsilon, with exact weights met. */
    PRECISE,
    /** Literal: the smallest prefix of a softmax over criticalities that reaches the threshold. */
    LITERAL
  }

  /** The mass of a block that was not met. */
  public enum Rest {
    /** At most |J| exp of the largest logit that channelwise extremes allow: a guarantee. */
    BOUND,
    /** About |J| exp of the criticality, which may be too little. */
    ESTIMATE
  }

  /** Criticality of a block for the query heads of one key head. */
  public enum Group {
    /** The largest of theirs. */
    MAX,
    /** Their mean. */
    MEAN
  }

  /** Checks the numbers. */
  public Psa {
    Require.positive(block, "block");
    Require.argument(epsilon >= 0 && epsilon <= 1, "epsilon is %s: it must lie in [0, 1]", epsilon);
    Require.argument(
        threshold >= 0 && threshold <= 1, "threshold is %s: it must lie in [0, 1]", threshold);
    Ranges.scale(scale);
    Require.argument(
        scale >= 0, "scale is %s: bounds from above need one that is not negative", scale);
  }

  @Override
  public Card card() {
    return PsaCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "block_mask",
            "[B|1, H|1, n_q, N]",
            "1 where a query takes a block, instead of choosing by criticality."),
        Given.MASK,
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
    AttentionProblem problem = Pruned.problem(inputs, causal, scale);
    Margin margin = new Margin();
    return Pruned.blocks(problem, taken(inputs, problem, margin), margin)
        .attend(softmax, problem, inputs);
  }

  private BlockTables taken(Inputs inputs, AttentionProblem problem, Margin margin) {
    Tensor given = inputs.truths("block_mask");
    if (given != null) {
      return BlockTables.given(problem, 1, block, given);
    }
    BlockTables taken = BlockTables.none(problem, 1, block);
    for (List<HeadRows> heads : HeadRows.groups(problem)) {
      for (int i = 0; i < problem.queries(); i++) {
        boolean[] row = new ProgressiveChoice(this, heads, i, margin).take();
        for (HeadRows head : heads) {
          taken.tables()[head.index()][i] = row;
        }
      }
    }
    return taken;
  }

  @Override
  public List<Case> cases() {
    return PsaCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = Pruned.problem(inputs, causal, scale);
    BlockTables taken = taken(inputs, problem, new Margin());
    int[][] newest = PageBounds.open(problem, block);
    List<List<HeadRows>> groups = HeadRows.groups(problem);
    LastRow<double[]> criticality =
        new LastRow<>(
            (b, h, i) -> {
              List<HeadRows> heads = groups.get(b * problem.kvHeads() + problem.kvHead(h));
              return new ProgressiveChoice(this, heads, i, new Margin()).criticality();
            });
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j) || !taken.keeps(b, h, i, j)) {
        return NOT_ATTENDED;
      }
      int open = newest[b * problem.heads() + h][i];
      if (j / block == open) {
        return "open block: " + open;
      }
      String why =
          inputs.has("block_mask")
              ? ""
              : ", " + BestScores.place(criticality.of(b, h, i), j / block);
      return "critical block: " + j / block + why;
    };
  }
}
