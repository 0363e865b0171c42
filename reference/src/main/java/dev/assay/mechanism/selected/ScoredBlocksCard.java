package dev.assay.mechanism.selected;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link ScoredBlocks}. */
final class ScoredBlocksCard {
  static final Card CARD =
      new Card(
          "Top-k by given scores",
          "A row of queries meets the blocks of keys that have the k highest of given scores.",
          "idx_r = the forced blocks and the best of the others up to k; out_i = sum over j in the"
              + " blocks idx of the row of i of softmax_j(scale q_i . k_j) v_j",
          "The part that Lu et al., MoBA, 2025, Yuan et al., Native sparse attention, 2025, and"
              + " DeepSeek-AI, DeepSeek-V3.2-Exp, 2025, share behind their gates",
          "O(R N) to choose among N blocks for R rows, O(n k b (d + d_v)) for the attention",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.BLOCK,
          List.of(
              "Scores come from anywhere: what is chosen is a constant, and scores have no"
                  + " gradient.",
              "Scores are compared as they are given, so a choice has no tolerance: the higher score"
                  + " first, of equals the lower index; 0 and -0 are equal.",
              "A score of -inf is never chosen, one of NaN is refused.",
              "Forced blocks take places of the k, and are taken beyond k too. A block that is"
                  + " forced needs no score.",
              "causal: blocks that begin behind the last query of a row are no candidates, also if"
                  + " forced; within a block later keys are hidden token by token.",
              "topK beyond the number of candidates takes all of them; the list is as wide as the"
                  + " longest may be, with -1 behind."));

  private ScoredBlocksCard() {}
}
