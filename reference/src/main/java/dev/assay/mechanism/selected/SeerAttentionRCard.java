package dev.assay.mechanism.selected;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link SeerAttentionR}. */
final class SeerAttentionRCard {
  static final Card CARD =
      new Card(
          "SeerAttention-R",
          "SeerAttention for decoding: every query scores the complete blocks of keys before its"
              + " own, for a group of heads at once.",
          "Z_iJ = rope(norm(sum_g q_ig W_g)) . rope(norm(pool(k_J) W)) / sqrt(d_g) for J < floor(p/b);"
              + " the best budget/b blocks, or softmax_J(Z_iJ) > threshold, and the own block",
          "Gao et al., SeerAttention-R: Sparse attention adaptation for long reasoning, 2025",
          "O(N d_g) time for the gate of a query with N = n/b, O(budget d) for the attention",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.BLOCK,
          List.of(
              "The choice has no gradient; the gate learns from loss, KL against the largest dense"
                  + " weight of each earlier block and over the heads of a group (AUX).",
              "openBlock: the block in which the query stands is always met. APART (precise) counts it"
                  + " in the budget and gives it no score. In the code that decodes it has a logit"
                  + " of 0 until it is complete, competes with that, and is met beside the budget if"
                  + " it loses (ZERO_LOGIT).",
              "blockPosition: paper and training turn the key of a block by its first position. The"
                  + " code that decodes turns a block that it completes by its last (CODED).",
              "queryHeads: QPROJ is the paper's; the others are named as in the code. QORIG takes"
                  + " queries as they come, turned by the model, and averages the scores of heads.",
              "It is causal by nature. A prefill is dense in the code; here every query chooses, which"
                  + " is how the gate is trained.",
              "scores=ORACLE chooses by what the gate is taught: an upper bound for any gate.",
              "Recorded example: the tensors of case 3851. out[0, 0, 10, 0] is -0.6190165776 with APART"
                  + " and -0.5104485705 with ZERO_LOGIT."));

  private SeerAttentionRCard() {}
}
