package dev.assay.mechanism.learned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link AdaptiveSparseAttention}. */
final class AdaptiveSparseAttentionCard {
  static final Card CARD =
      new Card(
          "Adaptive sparse attention",
          "A learned generator selects pairs, and a learned optimizer corrects their weights.",
          "S = scale Q K^T, M = LSPG(S), A = softmax(S + log M), A' = CAO(A), out = A' V;"
              + " literal: A = softmax(S M)",
          "Alwash, Rasheed and Fattah, Efficient Transformer architectures via learnable sparse"
              + " attention and optimization, 2025, Algorithm 1 and table 2",
          "that of lspg and cao",
          Card.Reach.HYBRID,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.TOKEN,
          List.of(
              "The two parts are the mechanisms lspg and cao; generator and optimizer take their"
                  + " settings, as in generator=local=8,globals=2.",
              "reading: LITERAL is the algorithm as printed: a network on each score, scores times"
                  + " the mask, equation 3 without a second normalisation, 1/sqrt(d) of the model.",
              "With gate STE the mask is passed through both parts: the surrogate has m for M"
                  + " wherever M stands.",
              "variant: 'without LSPG' has a fixed mask that the table does not describe. Here it"
                  + " has as many keys in each row as the generator would select, or as budget"
                  + " says: half nearest to the query, half evenly spread. Without CAO the"
                  + " generator's own plans run on an engine; with it everything runs by ops.",
              "The dense baseline of table 2 is the mechanism dense.",
              "Recorded example: the tensors of case 4460 (n = 6, d = 4, two heads). out[0, 0, 0, 0]"
                  + " is 0.3305622244 as it is, -0.0288950414 with generator maskMode=ZERO_LOGIT and"
                  + " optimizer mode=L_EQ3, 0.3684088967 without CAO, -0.0262208266 without LSPG."));

  private AdaptiveSparseAttentionCard() {}
}
