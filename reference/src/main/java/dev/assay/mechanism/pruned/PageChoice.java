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
      double[] scores = bounds(heads, i);
      boolean[] forced = new boolean[pages];
      for (HeadRows head : heads) {
        force(head, i, forced);
      }
      boolean all = quest.densePrefill() && problem.queries() > 1;
      int k = all ? pages : quest.pagesOf(pages);
      boolean[] taken = Ranking.best(scores, forced, k, "page", margin);
      for (HeadRows head : heads) {
        chosen.tables()[head.index()][i] = taken;
      }
    }
  }

  /** The heads that choose together with this one. */
  private List<HeadRows> together(int b, int h) {
    HeadRows head = new HeadRows(problem, b, h);
    return quest.reading() == Reading.PRECISE
        ? HeadRows.groups(problem).get(b * problem.kvHeads() + problem.kvHead(h))
        : List.of(head);
  }

  /** What pages are chosen by: the largest bound over the heads that choose together. */
  double[] bounds(int b, int h, int i) {
    return bounds(together(b, h), i);
  }

  private double[] bounds(List<HeadRows> heads, int i) {
    int size = quest.page();
    double[] scores = Ranking.nothing(pages);
    for (HeadRows head : heads) {
      for (int page = 0; page < pages; page++) {
        int end = Math.min((page + 1) * size, problem.keys());
        scores[page] = Math.max(scores[page], PageBounds.above(head, i, page * size, end));
      }
    }
    return scores;
  }

  private void force(HeadRows head, int i, boolean[] forced) {
    int open = PageBounds.open(head, i, quest.page());
    if (open >= 0 && quest.reading() == Reading.PRECISE) {
      forced[open] = true;
    }
    if (pages > 0 && quest.firstPage()) {
      forced[0] = true;
    }
  }
}
