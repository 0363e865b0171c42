package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Longformer}. */
final class LongformerCard {
  static final Card CARD =
      new Card(
          "Longformer",
          "A token sees a window around it and the global tokens, which see everything.",
          "out_i = sum over j in G and [i - a, i + a] of softmax_j(scale q_i . k_j) v_j; for i in G"
              + " out_i = sum over all j of softmax_j(scale qg_i . kg_j) vg_j",
          "Beltagy, Peters and Cohan, Longformer: the long-document transformer, 2020",
          "O(n (2 a + 1 + g) d) time, O(n (2 a + 1 + g)) memory for the weights",
          Card.Reach.HYBRID,
          Card.Choice.FIXED,
          Card.Timing.STATIC,
          Card.Granularity.TOKEN,
          List.of(
              "counting: attention_window of Hugging Face counts both sides, w/2 keys each, and not"
                  + " the token's own (TOTAL, as the paper); that of the authors' code counts one"
                  + " side (ONE_SIDED). Long Range Arena counts the token's own in the left half,"
                  + " so that an even window reaches one key further to the right (LRA).",
              "A global token inside a window counts once. Other rows see it through q, k and v, not"
                  + " through the projections of its own, which its row alone reads.",
              "local: the authors' sliding_chunks_no_overlap is another set, three whole blocks"
                  + " (NO_OVERLAP). There, zeros that pad both ends stay in part in the softmax;"
                  + " here they do not exist.",
              "dilation is in the paper for some heads of upper layers, and in neither of the two"
                  + " published versions without a kernel of its own.",
              "causal: the paper's language model has no global tokens. Here a global key is seen"
                  + " by later tokens only, and a global query sees no later key.",
              "Rows of padded queries are 0, by q_lens or mask; published code multiplies there.",
              "The published penalty of padding is finite, -10000; here it is -inf.",
              "Recorded example: the tensors of case 2101 (n = 10, window 4). out[0, 0, 5, 0] is"
                  + " 0.4057024910 as TOTAL, 0.2203188966 as ONE_SIDED and 0.5417703065 as LRA."));

  private LongformerCard() {}
}
