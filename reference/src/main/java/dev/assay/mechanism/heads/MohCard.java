package dev.assay.mechanism.heads;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Moh}. */
final class MohCard {
  static final Card CARD =
      new Card(
          "MoH (mixture of heads)",
          "Each token takes the best of the heads by a router; some heads are shared by all.",
          "out_he = g_e(x) Attn_e: routed g = a_2 softmax(W_r x)_e if e is among the best k, else"
              + " 0; shared g = a_1 softmax(W_s x)_e; [a_1, a_2] = softmax(W_l x)",
          "Jin, Zhu, Yuan and Yan, MoH: multi-head attention as mixture-of-head attention (2024)",
          "O(n H c) time to route, O(n^2 (d + d_v)) for each head times the share of tokens that"
              + " take it",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.HEAD,
          List.of(
              "gates: in the text gates are products of softmaxes (FORMULA, literal), so that even"
                  + " routing shrinks the output. The published code for images (CODE) brings the"
                  + " gates of taken heads to the sum k, of shared ones to their number, of the"
                  + " levels to 2: even gates are 1. HARD (the published code for language models)"
                  + " weighs nothing and trains no router.",
              "taken = 1 with CODE trains no router either: a single gate is brought to 1. The"
                  + " balance alone reaches it.",
              "Without w_routed heads are scored by the length of the token's query, as the"
                  + " published code for language models does; it divides by the spread over heads"
                  + " and takes a softmax, which changes no order.",
              "Published code computes every head and multiplies by 0. Here rows of a head that a"
                  + " token does not take are not computed.",
              "k = min(taken, routed heads); ties go to the lower index. Routing looks at the token"
                  + " alone, so causal attention stays causal.",
              "balance is the loss of the training: with FORMULA sum_e f_e P_e, else that times the"
                  + " number of routed heads, as published code has it. Its gradient goes through P,"
                  + " the mean scores; f, the share of tokens, is a count.",
              "There is no LSE: gates weigh rows after the softmax.",
              "Recorded example: the tensors of case 3551. out[0, 0, 1, 0] is -0.1741311913 as CODE"
                  + " and -0.0435327978 as FORMULA."));

  private MohCard() {}
}
