package dev.assay.mechanism.chunked;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link HierarchicalChunking}: its source leaves so much open that it is long. */
final class HierarchicalChunkingCard {
  static final Card CARD =
      new Card(
          "Hierarchical chunking",
          "A token attends within its own chunk and to a few neighbouring chunks.",
          "out_i = sum over j in chunk(i) and its neighbours of softmax_j(scale q_i . k_j) v_j",
          "Zhao, Optimization method design and implementation of Transformer model for long"
              + " sequence data, III-B and III-C",
          "O(n m (1 + t) d) time, O(n m (1 + t)) memory for the weights;"
              + " n sqrt(n) with m near sqrt(n)",
          Card.Reach.HYBRID,
          Card.Choice.FIXED,
          Card.Timing.STATIC,
          Card.Granularity.CHUNK,
          List.of(
              "sizeRule: the text has m = floor(log2 n) (LOG2, literal: 12 at n = 5120), its table"
                  + " has 128 there, which SQRT_POW2 (precise) and SCALED_LOG2 give. n is the"
                  + " length of the tensor, padding included.",
              "combination: the text does not say how the two attentions meet. JOINT (precise) is"
                  + " one softmax over both, SUM (literal) adds them, GATED weighs them, SEQUENTIAL"
                  + " feeds one to the other. Only JOINT is one softmax and has an LSE.",
              "neighbours: 't neighbouring blocks' are t in all (WINDOW, precise: i-1 and i+1 for"
                  + " t = 2), t on each side (EACH_SIDE, literal), or chosen (LEARNED: largest"
                  + " mean query . mean key, ties to the lower index, a constant for the"
                  + " gradient). Causal: earlier chunks only. A causal learned choice still looks"
                  + " at all queries of its own chunk.",
              "tail: floor(n / m) blocks drop n mod m tokens (DROP, literal): their rows are 0, so"
                  + " that a residual connection passes them on. PASS_THROUGH drops them too, but"
                  + " their rows are their own values, for a model without such a connection; they"
                  + " still have no LSE. RAGGED (precise) keeps them as a short chunk.",
              "A chunk without neighbours has cross output 0: SUM is then intra alone, GATED a"
                  + " times intra, SEQUENTIAL 0.",
              "Recorded example: the tensors of case 1301 (n = 18, d = 2, two heads). out[0, 0, 0, 0]"
                  + " is -0.3294794724 with the precise settings, -0.7292384120 with LOG2,"
                  + " -0.5716648960 with SUM, -0.1246489112 with EACH_SIDE, -1.2031707673 with all"
                  + " the literal ones; out[0, 0, 17, 0] is 0.0803406155, and 0 with DROP."));

  private HierarchicalChunkingCard() {}
}
