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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Blocks of tokens that are alike are compressed to their means, whose softmax predicts which
 * blocks of keys matter; blocks that are not alike are always computed. A second stage leaves out
 * blocks whose logits turn out far below the running maximum: Zhang et al., "SpargeAttn: accurate
 * sparse attention accelerating any model inference" (2025).
 *
 * <p>Cost: O(N_q N_k d + n d) for the prediction, O(blockQ blockK (d + d_v)) for each kept block.
 */
public record SpargeAttention(
    @Setting(
            value = "Candidates and shares by row, or as the published code has it.",
            by = "PRECISE")
        Reading reading,
    @Setting(value = "Queries in a block; at least 1.", by = "128") int blockQ,
    @Setting(value = "Keys in a block; at least 1.", by = "64") int blockK,
    @Setting(value = "A block is alike if its mean cosine is larger.", by = "0.6")
        double simThreshold,
    @Setting(value = "Predicted mass that kept blocks may add up to, in [0, 1].", by = "0.98")
        double cdf,
    @Setting(value = "Share of blocks to keep instead, in [0, 1]; 0 to go by cdf.", by = "0")
        double topk,
    @Setting(value = "Always keeps the first block of keys.", by = "false") boolean sink,
    @Setting(value = "Subtracts the mean key before keys are compared.", by = "true")
        boolean smoothK,
    @Setting(
            value =
                "Second stage: skips what lies so far below the maximum, in powers of two; 0 never.",
            by = "0")
        double pv,
    @Setting(value = "Second stage: queries that skip together; divides blockQ.", by = "32")
        int warpRows,
    @Setting(value = "Excludes keys after the query.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** How the source is read. */
  public enum Reading {
    /**
     * Precise: a block is a candidate if one of its pairs exists, a share counts the candidates of
     * the row, and a row of zeros is like no other.
     */
    PRECISE,
    /**
     * Literal: with causality block J is a candidate for block I if {@code J blockK < (I + 1)
     * blockQ}, whatever the lengths; a share counts all blocks of keys in every row; a row of zeros
     * makes its block not alike; predictions are scaled by 1/sqrt(d) whatever the scale.
     */
    LITERAL
  }

  /** Checks the numbers. */
  public SpargeAttention {
    Require.positive(blockQ, "blockQ");
    Require.positive(blockK, "blockK");
    Require.argument(!Double.isNaN(simThreshold), "simThreshold is NaN: it must be a number");
    Require.argument(cdf >= 0 && cdf <= 1, "cdf is %s: it must lie in [0, 1]", cdf);
    Require.argument(topk >= 0 && topk <= 1, "topk is %s: it must lie in [0, 1]", topk);
    Require.argument(pv >= 0, "pv is %s: it must be positive, or 0 for no second stage", pv);
    Require.positive(warpRows, "warpRows");
    Require.argument(
        pv == 0 || blockQ % warpRows == 0,
        "warpRows is %d: the second stage needs a divisor of blockQ, which is %d",
        warpRows,
        blockQ);
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return SpargeAttentionCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "block_mask",
            "[B|1, H|1, N_q, N_k]",
            "1 where a block is kept by the first stage, instead of predicting it."),
        Given.choice(
            "warp_mask",
            "[B|1, H|1, n_q / warpRows, N_k]",
            "With pv: 1 where a block is not skipped by the second stage either."),
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
    BlockTables kept = kept(inputs, problem, margin);
    Map<String, Tensor> choices = new LinkedHashMap<>();
    choices.put("block_mask", kept.tensor(problem));
    if (pv > 0) {
      kept = computed(inputs, problem, kept, margin);
      choices.put("warp_mask", kept.tensor(problem));
    }
    return new Pruned(kept.pairs(problem), choices, margin.nearest())
        .attend(softmax, problem, inputs);
  }

  private BlockTables kept(Inputs inputs, AttentionProblem problem, Margin margin) {
    Tensor given = inputs.truths("block_mask");
    return given != null
        ? BlockTables.given(problem, blockQ, blockK, given)
        : new PredictedBlocks(this, problem, margin).choose();
  }

  private BlockTables computed(
      Inputs inputs, AttentionProblem problem, BlockTables kept, Margin margin) {
    Tensor given = inputs.truths("warp_mask");
    return given != null
        ? BlockTables.given(problem, warpRows, blockK, given)
        : LateSkips.of(problem, kept, warpRows, pv, margin);
  }

  @Override
  public String leak() {
    return causal && (blockQ > 1 || smoothK)
        ? "a block of queries is pooled and chooses together"
        : "";
  }

  @Override
  public List<Case> cases() {
    return SpargeAttentionCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = Pruned.problem(inputs, causal, scale);
    BlockTables kept = kept(inputs, problem, new Margin());
    BlockTables computed = pv > 0 ? computed(inputs, problem, kept, new Margin()) : kept;
    PredictedBlocks predicted = new PredictedBlocks(this, problem, new Margin());
    LastRow<double[]> masses =
        new LastRow<>((b, h, row) -> predicted.masses(new HeadRows(problem, b, h), row));
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j) || !computed.keeps(b, h, i, j)) {
        return NOT_ATTENDED;
      }
      String reason =
          inputs.has("block_mask")
              ? "given block"
              : predicted.reason(new HeadRows(problem, b, h), i / blockQ, j / blockK);
      String place = reason + ": (" + i / blockQ + ", " + j / blockK + ")";
      return reason.equals("predicted block")
          ? place + ", " + BestScores.place(masses.of(b, h, i / blockQ), j / blockK)
          : place;
    };
  }
}
