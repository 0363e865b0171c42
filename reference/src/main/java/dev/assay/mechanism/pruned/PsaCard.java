package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Psa}. */
final class PsaCard {
  static final Card CARD =
      new Card(
          "Progressive sparse attention",
          "A query takes blocks of the cache, most critical first, until it has met enough of its"
              + " attention.",
          "s_J = scale q . mean k_J; blocks by s_J descending until"
              + " met / (met + sum of the rest of |J| exp(scale U_J)) >= 1 - epsilon,"
              + " met = sum exp(logits of the blocks taken); out = softmax over those blocks",
          "Zhou et al., Progressive sparse attention: algorithm and system co-design for efficient"
              + " attention in LLM serving, 2025",
          "O(N d + N log N) time to order N blocks, O(b d) for each one taken, for each query;"
              + " up to 3 d numbers of memory for each block",
          Card.Reach.GLOBAL,
          Card.Choice.FIXED,
          Card.Timing.DYNAMIC,
          Card.Granularity.BLOCK,
          List.of(
              "reading: the paper stops at a threshold of accumulated attention weight; its estimator"
                  + " was not published. PRECISE adds exact weights as blocks are met and supposes"
                  + " the rest; LITERAL takes a softmax over the criticalities and its smallest"
                  + " prefix that reaches the threshold, the crossing block included.",
              "rest: BOUND takes U_J from the smallest and largest value of each channel, so that the"
                  + " retained mass is at least 1 - epsilon for every head; ESTIMATE takes s_J, which"
                  + " may be too little.",
              "epsilon = 0 never stops, epsilon = 1 takes the forced blocks alone.",
              "The block of the newest key is always taken, and block 0 with firstBlock; they are met"
                  + " first. In LITERAL they are added to the prefix.",
              "The query heads of a key head take the same blocks, ordered by the largest of their"
                  + " criticalities (MAX) or their mean; PRECISE goes on until all have enough.",
              "Each query looks at the keys that it may meet, so that a run over many queries equals"
                  + " decoding one by one. The choice has no gradient.",
              "Recorded example: the tensors of case 4201. out[0, 0, 0, 0] is 0.5912123577 as PRECISE"
                  + " and 0.6553516842 as LITERAL with threshold 0.7."));

  private PsaCard() {}
}
