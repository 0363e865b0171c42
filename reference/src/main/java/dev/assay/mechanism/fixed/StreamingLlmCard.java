package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link StreamingLlm}. */
final class StreamingLlmCard {
  static final Card CARD =
      new Card(
          "Attention sinks of StreamingLLM",
          "A cache keeps the first tokens and the last ones, and counts positions within itself.",
          "out_i = sum over j in S(i) of softmax_j(scale R(c_i) q_i . R(c_ij) k_j) v_j,"
              + " S(i) = {j <= i : j < sinks or i - j < recent}, c places in the cache",
          "Xiao, Tian, Chen, Han and Lewis, Efficient streaming language models with attention"
              + " sinks, 2023",
          "O(n (sinks + recent) d) time, O(sinks + recent) memory for the cache",
          Card.Reach.HYBRID,
          Card.Choice.FIXED,
          Card.Timing.STATIC,
          Card.Granularity.TOKEN,
          List.of(
              "positions: CACHE (precise) turns queries and keys by their place in the cache: when"
                  + " tokens are dropped, the sinks come nearer. ORIGINAL keeps the places of the"
                  + " text, as other codes do.",
              "evict: BEFORE (precise, evict_for_space upstream) makes room first, so that a query"
                  + " sees at most sinks + recent keys; then chunk <= recent. AFTER (the authors'"
                  + " loop) drops behind each chunk, whose queries see sinks + recent keys and the"
                  + " chunk itself.",
              "chunks: tokens that come together find the same cache; within a chunk attention is"
                  + " causal. One at a time it is a window with sinks.",
              "A sequence no longer than sinks + recent is dense causal attention.",
              "offByOne is softmax with 1 added to the denominator: a key of logit 0 and value 0."
                  + " There is no LSE then. A trained sink token is an ordinary first token.",
              "Recorded example: the tensors of case 2421 (n = 10, sinks = 2, recent = 3)."
                  + " out[0, 0, 9, 0] is 0.0245784884 with CACHE, 0.0302680800 with ORIGINAL, and -0.0424812904 with"
                  + " evict AFTER."));

  private StreamingLlmCard() {}
}
