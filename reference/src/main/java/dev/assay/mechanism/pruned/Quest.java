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
 * A query bounds from above what each page of the cache may score, by the smallest and largest
 * value of every channel, and reads the pages of largest bound: Tang et al., "Quest: query-aware
 * sparsity for efficient long-context LLM inference" (2024).
 *
 * <p>Cost: O(N d) for the bounds of N pages and O(budget (d + d_v)) for the attention, for each
 * query.
 */
public record Quest(
    @Setting(
            value = "With the open page always kept, or as the published code does it.",
            by = "PRECISE")
        Reading reading,
    @Setting(value = "Keys in a page; at least 1.", by = "16") int page,
    @Setting(value = "Keys that a query may read, in whole pages; at least 0.", by = "64")
        int budget,
    @Setting(value = "Pages that a query reads at least, whatever the budget.", by = "3")
        int minPages,
    @Setting(value = "Always keeps page 0.", by = "false") boolean firstPage,
    @Setting(
            value =
                "Several queries at once, a prefill, read every page as the published code does.",
            by = "false")
        boolean densePrefill,
    @Setting(value = "Excludes keys after the query.", by = "true") boolean causal,
    @Setting(value = "Factor of q . k, not negative; 0 for 1/sqrt(d).", by = "0") double scale)
    implements Mechanism {

  /** How the source is read. */
  public enum Reading {
    /**
     * Precise: the page of the newest key is always kept, within the budget, and the query heads of
     * a key head choose together, by the largest of their bounds.
     */
    PRECISE,
    /** Literal: nothing is forced, and every query head chooses for itself. */
    LITERAL
  }

  /** Checks the sizes. */
  public Quest {
    Require.positive(page, "page");
    Require.notNegative(budget, "budget");
    Require.notNegative(minPages, "minPages");
    Ranges.scale(scale);
    Require.argument(
        scale >= 0, "scale is %s: bounds from above need one that is not negative", scale);
  }

  @Override
  public Card card() {
    return QuestCard.CARD;
  }

  @Override
  public List<TensorSpec> tensors() {
    return Given.qkvAnd(
        Given.choice(
            "block_mask",
            "[B|1, H|1, n_q, N]",
            "1 where a query reads a page, instead of choosing by bounds."),
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
    return Pruned.blocks(problem, pages(inputs, problem, margin), margin)
        .attend(softmax, problem, inputs);
  }

  private BlockTables pages(Inputs inputs, AttentionProblem problem, Margin margin) {
    Tensor given = inputs.truths("block_mask");
    return given == null
        ? new PageChoice(this, problem, margin).choose()
        : BlockTables.given(problem, 1, page, given);
  }

  /** How many pages a query reads of so many. */
  int pagesOf(int pages) {
    return Math.min(pages, Math.max(minPages, budget / page));
  }

  @Override
  public List<Case> cases() {
    return QuestCases.all();
  }

  @Override
  public Rules rules(Inputs inputs) {
    AttentionProblem problem = Pruned.problem(inputs, causal, scale);
    BlockTables pages = pages(inputs, problem, new Margin());
    int[][] newest = PageBounds.open(problem, page);
    LastRow<double[]> bounds = new LastRow<>(new PageChoice(this, problem, new Margin())::bounds);
    return (b, h, i, j) -> {
      if (!KeepMask.exists(problem, b, h, i, j) || !pages.keeps(b, h, i, j)) {
        return NOT_ATTENDED;
      }
      int open = newest[b * problem.heads() + h][i];
      if (j / page == open) {
        return "open page: " + open;
      }
      String why =
          inputs.has("block_mask") ? "" : ", " + BestScores.place(bounds.of(b, h, i), j / page);
      return "page of large bound: " + j / page + why;
    };
  }
}
