package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link FlexPrefill}. */
final class FlexPrefillCard {
  static final Card CARD =
      new Card(
          "FlexPrefill",
          "The last block of queries decides which columns and diagonals every query keeps; heads"
              + " whose block means predict well keep predicted blocks.",
          "vertical_j = mean_i P_ij, slash_o = mean_i P_i,i-o over the last block of queries; as many"
              + " blocks of columns and of diagonals as the largest entries need that cover gamma;"
              + " if sqrt(JS(softmax(scale mean q . mean k_J), vertical by block)) < tau the least"
              + " budgets, and the largest entries of the causal softmax of block means that cover"
              + " gamma N",
          "Lai et al., FlexPrefill: a context-aware sparse attention mechanism for efficient"
              + " long-sequence inference, 2025",
          "O(b n d) time for the probe, O((n / b)^2 d) for the prediction, O(b^2 d) for each kept"
              + " block of b tokens",
          Card.Reach.GLOBAL,
          Card.Choice.FIXED,
          Card.Timing.DYNAMIC,
          Card.Granularity.BLOCK,
          List.of(
              "reading: PRECISE rounds the smallest count that covers gamma up to blocks; diagonal o"
                  + " belongs to block floor(o / b); predicted blocks include the one that crosses."
                  + " LITERAL, as the published code: count / 128 + 1 blocks with 128 written in, one"
                  + " entry past the last sum of at most gamma; diagonals grouped from the far end,"
                  + " which differs where the length is no multiple of the block; predicted blocks"
                  + " without the one that crosses; a block of no mass makes the distance NaN, so that"
                  + " its head is not trusted.",
              "The first column and the main diagonal are kept within the budgets.",
              "Dense up to max(2 block, minBudget rounded up to blocks) tokens. Decoding is dense.",
              "Every query head chooses for itself. It is causal, for a prefill over the whole"
                  + " sequence, and its last queries decide for all: earlier rows see the future"
                  + " through the choice. The choice has no gradient.",
              "tau = 0 trusts no prediction; gamma = 1 then keeps every causal block in PRECISE.",
              "Recorded example: the tensors of case 4321. out[0, 0, 4, 0] is 0.5029766737 as"
                  + " PRECISE and 0.4519709860 as LITERAL, whose budgets are a block each."));

  private FlexPrefillCard() {}
}
