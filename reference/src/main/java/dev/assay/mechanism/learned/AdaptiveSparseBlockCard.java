package dev.assay.mechanism.learned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link AdaptiveSparseBlock}. */
final class AdaptiveSparseBlockCard {
  static final Card CARD =
      new Card(
          "Adaptive sparse block",
          "A gate on pooled queries and keys selects or weighs blocks of some heads.",
          "z_IJ = (R_I mean q_I W_q) . (R_J [max; min; mean] k_J W_k) / sqrt(d_g), blocks = top k of"
              + " z_I, the first and the diagonal, out_i = sum over j in blocks of softmax_j(scale"
              + " q_i . k_j) v_j; soft: + log(g_IJ), g = sigmoid(z / T)",
          "Adaptive Sparse Transformer Blocks: a paradigm shift for efficient large language models;"
              + " Strategies for optimizing sparse attention patterns, 2025; the gate: Gao et al.,"
              + " SeerAttention, 2024",
          "O((n / b)^2 d_g + n d) time for the gate, O(n s b d) for s blocks of b; 4 d d_g"
              + " parameters a head",
          Card.Reach.HYBRID,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.BLOCK,
          List.of(
              "It is a composition; the report names its parts and gives few formulas. Queries and"
                  + " keys come before any rotary positions of the model; the gate has its own, by"
                  + " the position at which a block starts.",
              "modulator: 'a binary mask or a soft modulator'. BINARY excludes pairs; SOFT_LOG"
                  + " (precise) adds log(g + 1e-6); L_MULT (literal) multiplies the scores by g,"
                  + " so that a closed gate gives the logit 0, not exclusion.",
              "gradient: a selection has none. STE passes that of the mask to g, also for blocks that"
                  + " were not selected; with DETACH the gate learns by distillation from pooled"
                  + " dense attention alone, with the losses of dev.assay.nn.",
              "denseHeads: the first heads meet everything by the same path. The report names four,"
                  + " of a model with many; one is the default here. Other code puts them last.",
              "selection: k blocks a row (TOP_K), those above a share of the row's softmax"
                  + " (THRESHOLD), or one budget for all rows and sparse heads by these shares"
                  + " (GLOBAL_BUDGET). Safeguards come on top: the first block, the diagonal, and"
                  + " blocks of protected keys, which pruning spares.",
              "Stochastic pruning drops a selected block with dropRate and adds Gumbel noise to"
                  + " scores; its numbers depend on seed, layer, step, batch entry, head and block"
                  + " alone. Both are for training: set them to 0 otherwise.",
              "With w_gate heads are turned off as by head-gate, with causality by means over the"
                  + " prefix; out_gate adds a gate of each row. Either leaves no LSE.",
              "A causal block still looks at all of its own queries and keys. Decoding is not"
                  + " defined: blocks are cut from one sequence.",
              "L_MULT changes logits by a product, which no plan has: it runs by ops on every"
                  + " engine.",
              "Recorded example: the tensors of case 4500 (n = 10, d = 4, two heads). out[0, 0, 0, 0]"
                  + " is 0.0765199116 with BINARY, 0.0229664437 with SOFT_LOG, -0.1305355651 with L_MULT."));

  private AdaptiveSparseBlockCard() {}
}
