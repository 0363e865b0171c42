package dev.assay.mechanism.heads;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link HeadGate}. */
final class HeadGateCard {
  static final Card CARD =
      new Card(
          "Dynamic head gating",
          "A learned gate scores each head on the input and turns low ones off.",
          "s_h = sigmoid(w_h . [mean q_h ; mean k_h] + c_h), a_h = [s_h >= theta],"
              + " out_h = g_h Attn_h with g = a s (SOFT_MULT), a, or s",
          "Zhao, Optimization method design and implementation of Transformer model for long"
              + " sequence data, III-A and figure 3",
          "O(H n d) time for the gate, O(n^2 d) for each active head",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.HEAD,
          List.of(
              "reading: in the text an inactive head is removed (PRECISE: exactly 0). The code of"
                  + " figure 3, with its shapes repaired (FIGURE_3), sets its queries and keys to"
                  + " 0, which gives the mean of the admissible values; scale 1/sqrt(H d), no"
                  + " gradient into the gate, no safeguard, mode without meaning.",
              "mode: the hard threshold of the figure never trains. SOFT_MULT learns through active"
                  + " heads, STE through all of them with the surrogate g = s, LITERAL_HARD not at"
                  + " all; SOFT_TRAIN trains with g = s and is LITERAL_HARD at inference.",
              "granularity: a mean over the sequence (SEQUENCE) lets every position of a causal"
                  + " model see the future; PREFIX and TOKEN do not.",
              "keepAtLeast: an input that turns every head off keeps its best one.",
              "The output projection of the text belongs to the layer, not to the mechanism."
                  + " There is no LSE: a gated head is not a softmax.",
              "Recorded example: the tensors of case 1401, whose head 0 is inactive. out[0, 0, 0, 0]"
                  + " is 0 as PRECISE and -0.5510457357 as FIGURE_3, the mean of v[0, 0, :, 0]."));

  private HeadGateCard() {}
}
