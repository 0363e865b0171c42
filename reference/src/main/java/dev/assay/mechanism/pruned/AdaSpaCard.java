package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link AdaSpa}. */
final class AdaSpaCard {
  static final Card CARD =
      new Card(
          "AdaSpa",
          "Blocks are kept by the attention mass that a search measured, more of them in heads that"
              + " need more.",
          "W_IJ = sum over the pairs of block (I, J) of exp(s_ij - L_i); a row keeps the"
              + " ceil((1 - s) N_k) blocks of largest W; the n heads of recall above 0.8 use"
              + " (1 + s) / 2, as many of lowest recall (3 s - 1) / 2",
          "Xia et al., Training-free and adaptive sparse attention for efficient long video"
              + " generation, 2025",
          "O(n^2 d) time for a search, O((1 - s) n^2 d) for the attention; (n / block)^2 memory for W",
          Card.Reach.GLOBAL,
          Card.Choice.FIXED,
          Card.Timing.DYNAMIC,
          Card.Granularity.BLOCK,
          List.of(
              "reading: the paper multiplies logits by the mask in its equation 8, which leaves every"
                  + " other key a weight of exp(0) (LITERAL: no plan has such logits, it stays with"
                  + " ops), and adds -c (1 - M) in its equation 12, which excludes them (PRECISE).",
              "Its algorithms write the weight as log(qk - LSE); exp(qk - LSE) is meant.",
              "selection: its equation 14 lets all blocks compete (GLOBAL); in practice each row keeps"
                  + " the same number (ROW).",
              "Schedule over denoising steps: without further tensors a call is the first search; with"
                  + " lse_cache, the log-sum-exp of that search, it is a later one; with block_mask it"
                  + " reuses the last mask. Warm-up steps are dense attention.",
              "With a stale log-sum-exp masses do not sum to the rows: they only rank. Exponents are"
                  + " cut at 60.",
              "adaptive: recalls at the base sparsity, ties to the lower head. At most half of the"
                  + " heads shift each way. Below s = 1/3, where (3 s - 1) / 2 is negative, they use"
                  + " 2 s and 0, so that the mean stays s.",
              "textTokens: rows and columns of blocks with text are kept beside the budget. A causal"
                  + " row counts the blocks that exist for it. The choice has no gradient.",
              "Recorded example: the tensors of case 4221. out[0, 0, 0, 0] is 1.0810585592 as PRECISE and"
                  + " 0.8432377221 as LITERAL."));

  private AdaSpaCard() {}
}
