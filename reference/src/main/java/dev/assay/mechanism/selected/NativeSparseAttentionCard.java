package dev.assay.mechanism.selected;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link NativeSparseAttention}: published code differs in nearly every setting. */
final class NativeSparseAttentionCard {
  static final Card CARD =
      new Card(
          "Native sparse attention",
          "Compressed windows of keys are met by all queries and say which blocks are worth a"
              + " closer look; the nearest keys are always met.",
          "out_i = sum over c in cmp, slc, win of g_ic Attn(q_i, K^c, V^c), g = sigmoid(logit);"
              + " block score j = sum over m < l'/d, n < l/d of p_cmp[(l'/d) j + m - n]",
          "Yuan et al., Native sparse attention: hardware-aligned and natively trainable sparse"
              + " attention, 2025",
          "O(t/d + n l' + w) keys for a query at position t",
          Card.Reach.HYBRID,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.BLOCK,
          List.of(
              "scores: the printed index (l'/d) j - m - n holds for blocks counted from 1. PAPER"
                  + " (precise) is the same sum for blocks counted from 0, LITERAL takes the print"
                  + " with indices from 0, LOGITS is what lucidrains does instead.",
              "The choice has no gradient; the ranking learns through the compressed branch alone.",
              "A group of heads selects together, by the sum over its heads.",
              "forced, initial, local: the paper counts 1 initial and 2 local blocks among its 16."
                  + " fla is initial=0 local=1; lucidrains initial=0 local=1 forced=BESIDES.",
              "phi is a learnable MLP of unspecified form in the paper; settings are named after the"
                  + " code that has them. Its parameters are tensors, and absent for MEAN.",
              "A query sees a window from its last token on. lucidrains pads l - d zeros on the left"
                  + " (padding=LEFT), counts a window only after its end (visible=STRICT), and has"
                  + " learned slots mem_k, mem_v that are always seen.",
              "window counts the query's own key. lucidrains and the prefill of XunhaoLai mean w + 1"
                  + " keys by w.",
              "Branches may have keys and values of their own, as in the paper (k_cmp, v_cmp, k_win,"
                  + " v_win), and queries before their rotation (q_cmp).",
              "XunhaoLai compresses keys before their rotation and turns the compressed ones by stride"
                  + " (compressedRope=HALF, k_cmp and q_cmp as it has them); the others do not.",
              "gate=GIVEN takes gates as the kernels of fla do, after their sigmoid.",
              "There is no LSE: three softmaxes under gates are none.",
              "Recorded example: the tensors of case 3701. out[0, 0, 8, 0] is 0.0262666887 with PAPER"
                  + " and 0.0165289924 with LITERAL."));

  private NativeSparseAttentionCard() {}
}
