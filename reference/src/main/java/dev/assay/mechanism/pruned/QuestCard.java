package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Quest}. */
final class QuestCard {
  static final Card CARD =
      new Card(
          "Quest",
          "A query reads the pages of the cache whose keys could score highest.",
          "U_J = sum_c max(q_c min_J k_c, q_c max_J k_c) >= q . k_j for every j of page J;"
              + " out = softmax attention over the keys of the"
              + " min(N, max(minPages, floor(budget / page))) pages of largest U",
          "Tang et al., Quest: query-aware sparsity for efficient long-context LLM inference, 2024",
          "O(N d) time for the bounds of N pages and O(budget d) for the attention, for each query;"
              + " 2 d numbers of memory for each page",
          Card.Reach.GLOBAL,
          Card.Choice.FIXED,
          Card.Timing.DYNAMIC,
          Card.Granularity.BLOCK,
          List.of(
              "reading: the published code forces no page and lets every query head choose (LITERAL)."
                  + " PRECISE always keeps the open page, the one of the newest key, within the"
                  + " budget; and the query heads of a key head share one choice, by the largest of"
                  + " their bounds, so that a page is read once.",
              "Bounds look at the keys that the query may meet: with causality those of the open"
                  + " page up to its position. Each query chooses for itself, so that a run over"
                  + " many queries equals decoding one by one.",
              "densePrefill: the published code selects in decoding alone; with more than one query"
                  + " it is dense, as its first two layers are, which is left to the model here.",
              "The bound is not scaled: only the order matters. Where a channel of q is 0, either"
                  + " end of the page gives 0.",
              "Keys are rotated before they come here. The choice has no gradient.",
              "Recorded example: the tensors of case 4001, whose query reads two of four pages."
                  + " out[0, 1, 0, 0] is -0.3109215004 as PRECISE and -0.4535090865 as LITERAL,"
                  + " which leaves the open page out."));

  private QuestCard() {}
}
