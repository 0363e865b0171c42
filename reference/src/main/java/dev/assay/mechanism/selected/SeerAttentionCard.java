package dev.assay.mechanism.selected;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link SeerAttention}. */
final class SeerAttentionCard {
  static final Card CARD =
      new Card(
          "SeerAttention",
          "A gate on pooled queries and keys, taught by the block map of dense attention, says"
              + " which blocks meet.",
          "Z = rope(pool(q) W_q) . rope(pool(k) W_k) / sqrt(d_g); block (I, J) is met where"
              + " softmax_J(Z_IJ) > threshold, or Z_IJ is among the best of row I",
          "Gao et al., SeerAttention: Learning intrinsic sparse attention in your LLMs, 2024",
          "O(n d + N^2 d_g) time for the gate with N = n/b, O(rho n^2 d) for the attention",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.BLOCK,
          List.of(
              "The choice has no gradient, so the gate's parameters get none from the output. They"
                  + " learn from loss: KL of the gate against the pooled dense map (AUX).",
              "choice: the code turns a share rho of the causal triangle into (1 - sqrt(1 - rho)) N"
                  + " blocks a row (TRIANGLE_RATIO, precise); read literally the share is that of"
                  + " each row (ROW_RATIO). N counts blocks with valid tokens; a row has at least"
                  + " one block.",
              "The block of the queries themselves is not forced, as in the code; forceDiagonal adds"
                  + " it. The code also lets the last two rows of blocks meet everything"
                  + " (denseRows=2).",
              "A ragged last block is pooled over its own tokens. The gate turns its queries and"
                  + " keys by the first position of a block, before any rotation of the model's"
                  + " (q_gate, k_gate).",
              "Without w_gate_q pooled queries are compared as they are. w_gate_k with one matrix"
                  + " for each query head follows the code's default.",
              "A block of queries is pooled as a whole: with causality its first queries choose by"
                  + " its last. The first block of the sequence and blocks of one token do not.",
              "One query against a longer cache meets every key, as in the code; SeerAttention-R is"
                  + " the gate for decoding.",
              "scores=ORACLE chooses by what the gate is taught: an upper bound for any gate.",
              "Recorded example: the tensors of case 3803. out[0, 0, 11, 0] is -0.1314743015 with"
                  + " TRIANGLE_RATIO and 0.0477292189 with ROW_RATIO."));

  private SeerAttentionCard() {}
}
