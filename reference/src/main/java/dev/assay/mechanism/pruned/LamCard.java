package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Lam}. */
final class LamCard {
  static final Card CARD =
      new Card(
          "Learnable attention mask",
          "A small network makes a soft mask from the tokens, which multiplies the logits.",
          "out = softmax(M * scale q k^T) v, M_ij = 1 + a tanh(u_i . w_j / sqrt(r)),"
              + " u = MLP_u(x_i), w = MLP_k(x_j), one hidden layer with max(., 0)",
          "Barrios and Jin, Multi-layer learnable attention mask for multimodal tasks, 2024",
          "O(n^2 (d + r)) time, O(n^2) memory for the mask",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.TOKEN,
          List.of(
              "reading: in the source a network emits row i of the mask at token i, as wide as the"
                  + " longest input (LITERAL; more keys are refused). PRECISE makes M from a product of"
                  + " two small vectors, for any length, and permuting tokens permutes it.",
              "Nothing is left out and no cost is saved: an entry of 0 makes a logit 0, a weight of"
                  + " exp(0). M = 0 everywhere gives the mean of the admissible values. Causality,"
                  + " lengths and masks exclude afterwards.",
              "M s is computed as s + (M - 1) s, the last part as a bias: engines see dense attention,"
                  + " and with amplitude 0 every bit is that of dense attention.",
              "The initial values of the source are not known. Here training starts from dense"
                  + " attention: amplitude 0, or w_m2 = 0 and b_m2 = 1.",
              "M_ij looks at the tokens of i and j alone (PRECISE) or of i alone (LITERAL), so that a"
                  + " causal row does not see the future. Decoding keeps w_j for each key.",
              "One mask for all heads; PRECISE may scale it by head. Networks shared by layers, or one"
                  + " for each, are a matter of the model.",
              "Recorded example: the networks of cases 4361 and 4362 on the q, k, v and x of case 4361."
                  + " out[0, 0, 0, 0] is -0.3072895377 as PRECISE and -0.1628242631 as LITERAL."));

  private LamCard() {}
}
