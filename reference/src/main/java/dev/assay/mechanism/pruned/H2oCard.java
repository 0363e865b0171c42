package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link H2o}. */
final class H2oCard {
  static final Card CARD =
      new Card(
          "H2O: heavy-hitter oracle",
          "A cache keeps the newest keys and those that received most attention so far.",
          "out_t = softmax attention over S_(t-1) + {t}; score_j += A_tj;"
              + " S_t = the recent newest + the heavy of largest score among the others",
          "Zhang et al., H2O: heavy-hitter oracle for efficient generative inference of large"
              + " language models, 2023",
          "O(p^2 (d + d_v)) time for a prompt of p tokens, O(c (d + d_v)) for each decoded token,"
              + " c = heavy + recent + sinks",
          Card.Reach.HYBRID,
          Card.Choice.FIXED,
          Card.Timing.DYNAMIC,
          Card.Granularity.TOKEN,
          List.of(
              "Rows before prompt are one call: causal and dense, and the eviction follows its last"
                  + " row. Every later row is a decoded token: it reads what is alive and its own"
                  + " key, adds its weights to the scores, and evicts. An evicted key never returns.",
              "reading: the published code sums scores over the batch, whose entries then evict"
                  + " together, and with no recent keys evicts nothing (LITERAL); it asserts a batch"
                  + " of 1. PRECISE keeps scores for each sequence. In both the query heads of a"
                  + " key head add to one score: a cache row cannot be evicted for one of them.",
              "The published code that masks instead of evicting builds its mask one longer than the"
                  + " scores, for the coming token, and lets a hidden key return; LITERAL takes"
                  + " neither from it.",
              "Early keys collect more, since more rows see them. norm divides by the number of rows"
                  + " since a key came, decay fades old scores; both are later remedies, off here.",
              "Equal scores keep the lower index. Sinks are kept beside the budget.",
              "past_score resumes decoding: the scores of the keys before the first query, and -1"
                  + " for what was evicted. Without it they are all alive with score 0. It is a state that"
                  + " is given, not one of the choices that come back; LITERAL, whose batch evicts"
                  + " together, reads its first entry.",
              "Keys keep the positions that they were rotated with. The choice has no gradient.",
              "Recorded example: the tensors of case 4124, whose two sequences disagree on the heavy"
                  + " hitters. out[0, 0, 4, 0] is -0.3031594979 as PRECISE and 0.4129014474 as LITERAL."));

  private H2oCard() {}
}
