package dev.assay.mechanism.selected;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link DeepseekSparseAttention}. */
final class DeepseekSparseAttentionCard {
  static final Card CARD =
      new Card(
          "DeepSeek sparse attention",
          "A small indexer scores every key for every query, and all heads meet the k best.",
          "I_ts = sum_j w_tj relu(qI_tj . kI_s) / sqrt(H_I d_I); out_t = sum over s in top-k of I_t"
              + " of softmax_s(scale q_t . k_s) v_s",
          "DeepSeek-AI, DeepSeek-V3.2-Exp: Boosting long-context efficiency with DeepSeek sparse"
              + " attention, 2025",
          "O(n^2 H_I d_I) time for the indexer, O(n k d) for the attention",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.TOKEN,
          List.of(
              "The choice has no gradient. The indexer learns from loss alone: KL against the dense"
                  + " weights summed over heads (DENSE), later on the selected keys only (SPARSE),"
                  + " so that an unselected key is not promoted.",
              "rope: the published snapshot turns neighbouring channels of the indexer (INTERLEAVED,"
                  + " literal), as the attention does; its authors said later that the indexer needs"
                  + " the two halves (HALF, precise). Only the first channels are turned, half of"
                  + " them in the published sizes.",
              "Its Hadamard rotation leaves scores as they are in exact arithmetic, and its FP8"
                  + " storage is one of many: neither is here.",
              "A score is exactly 0 where every relu is, so ties are common: the lower index wins. A"
                  + " negative weight lets such a key outrank one that was read.",
              "A query with fewer keys than k meets all of them. The code lists masked keys then and"
                  + " masks them again.",
              "Projections and the LayerNorm of the indexer's keys belong to the layer; the indexer's"
                  + " inputs are q_index, k_index and w_index, and its scale is 1/sqrt(H_I d_I).",
              "Recorded example: the tensors of case 3901. out[0, 0, 7, 0] is 0.7089107349 with HALF"
                  + " and 0.9446409570 with INTERLEAVED."));

  private DeepseekSparseAttentionCard() {}
}
