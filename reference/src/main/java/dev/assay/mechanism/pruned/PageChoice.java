package dev.assay.mechanism.pruned;

import dev.assay.mechanism.pruned.Quest.Reading;
import dev.assay.plan.AttentionProblem;
import java.util.List;

/** The pages that each query of a {@link Quest} reads. */
final class PageChoice {
  private final Quest quest;
  private final AttentionProblem problem;
  private final Margin margin;
  private final int pages;

  PageChoice(Quest quest, AttentionProblem problem, Margin margin) {
    this.quest = quest;
    this.problem = problem;
    this.margin = margin;
    this.pages = Math.ceilDiv(problem.keys(), quest.page());
  }

  /** By bounds. */
  BlockTables choose() {
    BlockTables chosen = BlockTables.none(problem, 1, quest.page());
    if (quest.reading() == Reading.PRECISE) {
      HeadRows.groups(problem).forEach(group -> choose(group, chosen));
    } else {
      HeadRows.all(problem).forEach(head -> choose(List.of(head), chosen));
    }
    return chosen;
  }

  /** One choice for each query, shared by the heads given. */
  private void choose(List<HeadRows> heads, BlockTables chosen) {
    for (int i = 0; i < problem.queries(); i++) {
      double[] scores = Ranking.nothing(pages);
      boolean[] forced = new boolean[pages];
      for (HeadRows head : heads) {
        bound(head, i, scores, forced);
      }
      boolean all = quest.densePrefill() && problem.queries() > 1;
      int k = all ? pages : quest.pagesOf(pages);
      boolean[] taken = Ranking.best(scores, forced, k, "page", margin);
      for (HeadRows head : heads) {
        chosen.tables()[head.index()][i] = taken;
      }
    }
  }

  private void bound(HeadRows head, int i, double[] scores, boolean[] forced) {
    int size = quest.page();
    for (int page = 0; page < pages; page++) {
      int end = Math.min((page + 1) * size, problem.keys());
      scores[page] = Math.max(scores[page], PageBounds.above(head, i, page * size, end));
    }
    int open = PageBounds.open(head, i, size);
    if (open >= 0 && quest.reading() == Reading.PRECISE) {
      forced[open] = true;
    }
    if (pages > 0 && quest.firstPage()) {
      forced[0] = true;
    }
  }
}
