package dev.assay.mechanism.chunked;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link LongNet}. */
final class LongNetCard {
  static final Card CARD =
      new Card(
          "LongNet dilated attention",
          "Segments of growing length, in which ever fewer tokens meet, joined into one softmax.",
          "out_i = sum_s exp(L_is - L_i) out_is, L_i = log sum_s exp L_is, branch s over the tokens"
              + " of the segment of i that are a multiple of r_s from the head's first",
          "Ding et al., LongNet: scaling transformers to 1,000,000,000 tokens, 2023",
          "O(n sum_s w_s / r_s^2 d) time, O(n) memory",
          Card.Reach.GLOBAL,
          Card.Choice.FIXED,
          Card.Timing.STATIC,
          Card.Granularity.CHUNK,
          List.of(
              "A key in two branches counts twice: it is one softmax over a multiset, and its LSE"
                  + " is that of the multiset.",
              "offsets: HEAD_MODULO (precise, paper) begins with token h mod r. HEAD_GROUPS"
                  + " (torchscale) gives neighbouring heads the same token.",
              "weights: DIFFERENTIATED (precise) is the gradient of the output. DETACHED"
                  + " (torchscale) computes the weights of branches without gradient.",
              "filling: NOTHING (precise). ZERO_KEYS (torchscale) fills segments with keys and"
                  + " values of 0, which take part unless attention is causal.",
              "A token that no branch takes in a head gives 0: let one ratio be 1. torchscale"
                  + " takes a branch whose LSE is exactly 0 for absent; here it is not.",
              "Segments longer than the sequence end with it.",
              "Recorded example: the tensors of case 2441. out[0, 1, 1, 0] is 0.8406121486 as HEAD_MODULO"
                  + " and 0.6446580693 as HEAD_GROUPS; dq[0, 0, 4, 0] is 0.0602527151 as DIFFERENTIATED and 0.0741963361 as"
                  + " DETACHED."));

  private LongNetCard() {}
}
