package dev.assay.mechanism.learned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Cao}. */
final class CaoCard {
  static final Card CARD =
      new Card(
          "Critical attention optimizer",
          "A learned function looks at the attention weights and corrects them.",
          "A = softmax(S), A' = A + beta tanh(Phi(A)) (literal); precise: R = max(0, A + beta tanh"
              + " Phi(A)) on the pairs that exist, A' = R / sum R; out = A' V",
          "Alwash, Rasheed and Fattah, Efficient Transformer architectures via learnable sparse"
              + " attention and optimization, 2025, 4.4 and equation 3",
          "that of the attention and O(16 z) for z pairs; L_EQ3 O(16 n^2)",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.TOKEN,
          List.of(
              "mode: what is printed (L_EQ3) is no distribution: an entry can be negative, a row"
                  + " sums to 1 + beta sum tanh Phi, and pairs that do not exist get weight."
                  + " P_RENORM takes the positive part on existing pairs and divides by its sum (a"
                  + " row whose sum is below 1e-12 stays as it was). P_LOGIT adds beta tanh Phi to"
                  + " the logits; P_ZEROSUM multiplies by 1 + beta (tanh Phi - its mean).",
              "phi: 'a learned combinatorial optimization function', and no more. MLP is a network"
                  + " of two layers on six features of a pair: log(A + 1e-6), the maximum and the"
                  + " entropy of the row, the attention that the key received, the logarithm of the"
                  + " distance, and whether that is at least local. ASSIGN is a soft assignment by"
                  + " scaling rows and columns in turn, minus A; its columns know all rows, so it"
                  + " leaks with causality.",
              "features: maximum, entropy and received attention are constants for the gradient,"
                  + " unless DIFFERENTIATED.",
              "A key's received attention is a mean over rows, with causality over those up to the"
                  + " query; decoding carries its sum on as received and rows_before.",
              "beta = 0 gives the attention without correction, bit for bit; so does phi_w2 = 0 with"
                  + " phi_b2 = 0, from which training starts.",
              "respectCausal=false adds weight to the future as printed, within the lengths.",
              "P_LOGIT and OFF run on an engine. The others change weights behind the softmax, which"
                  + " no plan has: they run by ops on every engine, and have no LSE.",
              "Recorded example: the tensors of case 4430 (n = 6, d = 4, two heads). out[0, 0, 0, 0]"
                  + " is 0.0555159740 with P_RENORM, 0.1027434721 with L_EQ3, -0.0050465330 with P_LOGIT,"
                  + " -0.0048105580 with P_ZEROSUM."));

  private CaoCard() {}
}
