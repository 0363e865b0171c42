package dev.assay.mechanism.learned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link GatedChunking}. */
final class GatedChunkingCard {
  static final Card CARD =
      new Card(
          "Dynamic head gating with hierarchical chunking",
          "A learned gate turns heads off; the others attend within chunks and to neighbours.",
          "s_h = sigmoid(w_h . [mean q_h ; mean k_h] + c_h), a_h = [s_h >= theta],"
              + " out_h = g_h Chunked_h",
          "Zhao, Optimization method design and implementation of Transformer model for long"
              + " sequence data, III-C",
          "O(H n d) time for the gate, O(n m (1 + t) d) for each active head",
          Card.Reach.HYBRID,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.CHUNK,
          List.of(
              "The parts are the mechanisms head-gate and hierarchical-chunking; their readings hold"
                  + " here, too. The code of the composition is missing from the source.",
              "gateOver: the paper applies both 'sequentially', chunks first, attention 'using active"
                  + " heads' then. The gate is computed once on the whole sequence (SEQUENCE,"
                  + " precise), or from the queries and keys of each chunk (CHUNK); PREFIX and"
                  + " TOKEN do not see the future.",
              "An inactive head skips both attentions and gives exactly 0; a tail that passes"
                  + " through is gated like the rest.",
              "An engine leaves the rows of inactive heads out by the mask. There is no LSE.",
              "Recorded example: the tensors of case 4480 (n = 10, d = 4, two heads). out[0, 0, 0, 0]"
                  + " is -0.2728428915 as it is, and -0.4892657015 with the literal settings mode"
                  + " LITERAL_HARD, keepAtLeast 0, sizeRule LOG2, combination SUM, neighbours"
                  + " EACH_SIDE and tail DROP."));

  private GatedChunkingCard() {}
}
