package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link SpargeAttention}. */
final class SpargeAttentionCard {
  static final Card CARD =
      new Card(
          "SpargeAttn",
          "Means of blocks predict which blocks matter, where a mean stands for its block.",
          "p_I = softmax_J(scale mean q_I . mean k_J) over blocks of keys that are alike (mean cosine"
              + " > simThreshold); keep the largest p while their sum <= cdf, and every block of"
              + " queries or keys that is not alike; out = softmax attention over the kept blocks",
          "Zhang et al., SpargeAttn: accurate sparse attention accelerating any model inference,"
              + " 2025",
          "O(N_q N_k d + n d) time for the prediction, O(b_q b_k d) for each kept block",
          Card.Reach.GLOBAL,
          Card.Choice.FIXED,
          Card.Timing.DYNAMIC,
          Card.Granularity.BLOCK,
          List.of(
              "The block whose mass crosses cdf is left out, in the paper and in its code; one block"
                  + " is kept at least.",
              "reading: LITERAL has the published code's candidates (aligned at the top left, whatever"
                  + " the lengths), counts a share topk over all blocks of keys even in early causal"
                  + " rows, makes a block not alike where a row of zeros gives NaN, and scales"
                  + " predictions by 1/sqrt(d). PRECISE takes blocks with a pair that exists, counts"
                  + " the row's candidates, gives a row of zeros cosines of 0, and uses the scale.",
              "If no block of keys is alike there is nothing to predict: all of them are kept.",
              "smoothK subtracts the mean key before keys are compared. It moves a row of predictions"
                  + " by a constant, but changes which blocks of keys are alike.",
              "pv: logits in powers of two. A group of warpRows queries leaves out a block whose"
                  + " largest logits all lie at least pv below their maxima so far; blocks go in"
                  + " ascending order, and the first is never left out.",
              "Nothing forces the diagonal: a row whose block keeps later keys alone is empty.",
              "A causal prediction sees the future within its block of queries, and through the mean"
                  + " key: it is made for prefill. The quantisation of the published kernels is left"
                  + " out, as is their per-head tuning. A mask is obeyed in the attention, not in the"
                  + " means. The choice has no gradient.",
              "Recorded example: the tensors of case 4304. out[0, 0, 2, 0] is"
                  + " -1.4121565099 as PRECISE and -1.1573047465 as LITERAL, whose early rows keep more."));

  private SpargeAttentionCard() {}
}
