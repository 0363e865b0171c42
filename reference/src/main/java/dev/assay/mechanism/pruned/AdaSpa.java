package dev.assay.mechanism.pruned;

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
import dev.assay.mechanism.Setting;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.TensorSpec;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Measures the attention mass of every block once, keeps the heaviest blocks of each row for
 * several denoising steps, and lets heads that are easily covered be sparser: Xia et al.,
 * "Training-free and adaptive sparse attention for efficient long video generation" (2025).
 *
 * <p>Cost: O(n^2 d) for a search, O((1 - sparsity) n^2 (d + d_v)) for the attention.
 */
public record AdaSpa(
    @Setting(value = "How blocks are left out.", by = "PRECISE") Reading reading,
    @Setting(value = "Tokens in a block; at least 1.", by = "64") int block,
    @Setting(value = "Share of blocks that is left out, in [0, 1).", by = "0.8") double sparsity,
    @Setting(value = "Where a budget of blocks is spent.", by = "ROW") Selection selection,
    @Setting(value = "Shifts budget from heads of high recall to those of low.", by = "true")
        boolean adaptive,
    @Setting(value = "Recall above which a head counts as high.", by = "0.8") double recallBar,
    @Setting(value = "Last tokens, whose blocks are always kept; at least 0.", by = "0")
        int textTokens,
    @Setting(value = "Excludes keys after the query.", by = "false") boolean causal,
    @Setting(value = "Factor of q . k; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** How the source is read. */
  public enum Reading {
    /** Precise: a block that is left out takes no part in the softmax, as in its equation 12. */
    PRECISE,
    /**
     * Literal: the mask multiplies the logits, as in its equation 8, so that a key that is left out
     * weighs exp(0).
     */
    LITERAL
  }

  /** Over what blocks compete. */
  public enum Selection {
    /** Each row of blocks keeps the same share, as in practice. */
    ROW,
    /** All blocks of a head compete, as in its equation 14. */
    GLOBAL
  }

  /** Checks the numbers. */
  public AdaSpa {
    Require.positive(block, "block");
    Require.argument(
        sparsity >= 0 && sparsity < 1, "sparsity is %s: it must lie in [0, 1)", sparsity);
    Require.argument(!Double.isNaN(recallBar), "recallBar is NaN: it must be a number");
    Require.notNegative(textTokens, "textTokens");
    Ranges.scale(scale);
  }

  @Override
  public Card card() {
    return AdaSpaCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "block_mask",
            "[B|1, H|1, N_q, N_k]",
            "1 where a block is kept: the mask of the last search, instead of searching."),
        Given.choice(
            "lse_cache",
            "[B|1, H|1, n_q|1]",
            "Log-sum-exp of the rows at an earlier search, instead of computing it."),
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
    return reading == Reading.LITERAL
        ? zeroedLogits(inputs, problem, kept, margin)
        : Pruned.blocks(problem, kept, margin).attend(softmax, problem, inputs);
  }

  private BlockTables kept(Inputs inputs, AttentionProblem problem, Margin margin) {
    Tensor given = inputs.truths("block_mask");
    return given != null
        ? BlockTables.given(problem, block, block, given)
        : new MassSearch(this, problem, margin).search(inputs.value("lse_cache"));
  }

  /** {@code softmax(M scale q k^T) v} over every pair that exists; no plan has such logits. */
  private static Answer zeroedLogits(
      Inputs inputs, AttentionProblem problem, BlockTables kept, Margin margin) {
    Var k = Softmax.perQueryHead(inputs.var("k"), problem.heads());
    Var v = Softmax.perQueryHead(inputs.var("v"), problem.heads());
    Tensor all = KeepMask.of(problem, (b, h, i, j) -> true);
    Tensor listed = KeepMask.of(problem, kept::keeps);
    Var products = Ops.sddmm(inputs.var("q"), Ops.transpose(k), listed);
    Var logits = Ops.select(Ops.scale(products, problem.scale()), listed);
    Var out = Ops.spmm(Ops.maskedSoftmax(logits, all), v, all);
    Map<String, Tensor> choices = Map.of("block_mask", kept.tensor(problem));
    return new Answer(out, Ops.logSumExp(logits, all), choices, margin.nearest());
  }

  @Override
  public String leak() {
    return causal ? "blocks are measured with all of their queries, budgets over all blocks" : "";
  }

  @Override
  public List<Case> cases() {
    return AdaSpaCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = Pruned.problem(inputs, causal, scale);
    BlockTables kept = kept(inputs, problem, new Margin());
    MassSearch search = new MassSearch(this, problem, new Margin());
    LastRow<double[][]> masses =
        new LastRow<>((b, h, _) -> search.masses(b, h, inputs.value("lse_cache")));
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j)) {
        return NOT_ATTENDED;
      }
      String place = ": (" + i / block + ", " + j / block + ")";
      if (!kept.keeps(b, h, i, j)) {
        return reading == Reading.LITERAL ? "zeroed logit" + place : NOT_ATTENDED;
      }
      boolean text =
          MassSearch.text(i / block, block, problem.queryLength(b), textTokens)
              || MassSearch.text(j / block, block, problem.keyLength(b), textTokens);
      if (text) {
        return "text block" + place;
      }
      double[] mass = masses.of(b, h, 0)[i / block];
      String why = inputs.has("block_mask") ? "" : ", " + BestScores.place(mass, j / block);
      return "heavy block" + place + why;
    };
  }
}
