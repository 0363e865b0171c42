package dev.assay.mechanism.heads;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Mosa}. */
final class MosaCard {
  static final Card CARD =
      new Card(
          "MoSA (mixture of sparse attention)",
          "Each head chooses the tokens that it works on, and attends among them alone.",
          "r_h = sigmoid(x w_h), I_h = top k of r_h over the sequence,"
              + " out_hi = r_hi softmax over j in I_h, j <= i, of q_i . k_j / sqrt(d), times v_j,"
              + " for i in I_h, else 0",
          "Piekos, Csordas and Schmidhuber, Mixture of sparse attention: content-based learnable"
              + " sparse attention via expert-choice routing (2025)",
          "O(n c) time to score and O(k^2 (d + d_v)) to attend, k = n / sparsity, for each head",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.TOKEN,
          List.of(
              "choice: a top k of the sequence (SEQUENCE, as published) is causal in its weights,"
                  + " not in its choice: a later token can push an earlier one out. PREFIX compares"
                  + " a token with earlier ones only; THRESHOLD with a number.",
              "The score multiplies the output of chosen tokens and learns through that alone;"
                  + " indices have no gradient.",
              "k = max(atLeast, floor(n / sparsity)), at most n, of the valid tokens. Ties go to"
                  + " the lower index; the published code leaves them open, and lists tokens by"
                  + " score, which changes nothing.",
              "rotaryFraction: the first floor(fraction d) channels, made even, turn by the"
                  + " original position, in halves.",
              "Dense or local heads beside these (hybrid), the projections, and the sum of heads"
                  + " after their output projections belong to the layer.",
              "Recorded example: the tensors of case 3501, where head 0 takes token 3 as"
                  + " PREFIX and not as SEQUENCE: out[0, 0, 3, 0] is -0.2048023253 and 0."));

  private MosaCard() {}
}
