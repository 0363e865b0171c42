package dev.assay.mechanism.chunked;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link TransformerXl}. */
final class TransformerXlCard {
  static final Card CARD =
      new Card(
          "Transformer-XL attention",
          "A segment attends to itself and a memory, by content and by distance.",
          "out_i = sum over j <= p of softmax_j(scale ((q_i + u) . k_j + (q_i + v) . r_(p - j)))"
              + " v_j, p = i + n_k - n_q",
          "Dai et al., Transformer-XL: attentive language models beyond a fixed-length context,"
              + " 2019",
          "O(n_q n_k d) time, O(n_q n_k) memory for the part of the distances",
          Card.Reach.GLOBAL,
          Card.Choice.FIXED,
          Card.Timing.STATIC,
          Card.Granularity.TOKEN,
          List.of(
              "r is indexed by distance (DISTANCE, precise). The authors' code has its rows in"
                  + " DESCENDING order of distance and shifts the products into place, which"
                  + " leaves garbage above the diagonal; so attention is always causal.",
              "The scale applies to the sum of both parts. r_w_bias is u, r_r_bias is v.",
              "The memory stops gradients where a model stores it, before the projection to keys"
                  + " and values: here keys of the memory are inputs like all others.",
              "sameLength is same_length upstream with mem_len keys: every query sees equally many."
                  + " clampLength is clamp_len.",
              "A memory of zeros is attended to like any other: give none, or a mask.",
              "Recorded example: the tensors of case 2461. out[0, 0, 3, 0] is 0.2181944888 with DISTANCE"
                  + " and 0.1368811190 when the same rows are read as DESCENDING."));

  private TransformerXlCard() {}
}
