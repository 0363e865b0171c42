package dev.assay.mechanism.selected;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Moba}. */
final class MobaCard {
  static final Card CARD =
      new Card(
          "Mixture of block attention",
          "A query meets its own block of keys and the earlier ones whose mean key it likes best.",
          "s_iJ = q_i . mean_{j in J} k_j; out_i = sum over j in the own and the chosen blocks of"
              + " softmax_j(scale q_i . k_j) v_j",
          "Lu et al., MoBA: Mixture of block attention for long-context LLMs, 2025",
          "O(n N d) time for the gate with N = n/b blocks, O(n k b d) for the attention",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.BLOCK,
          List.of(
              "The gate has no parameters and no gradient: what is chosen is a constant (DETACH).",
              "ownBlock: in the published code the own block takes one of the k places (COUNTED,"
                  + " precise). Read literally, the k are drawn from the history and the own block"
                  + " is added (BESIDES).",
              "A query has fewer earlier blocks than places: all of them are taken, and none after"
                  + " it. Only blocks that end before the query's position are candidates.",
              "decoding: the published code attends densely where a cache is longer than the"
                  + " queries (DENSE); SPARSE (precise) lets the gate choose there too.",
              "Heads of queries that share keys choose apart: the published layer repeats the keys.",
              "causal=false is not published: every block is a candidate and none is forced.",
              "Recorded example: the tensors of case 3601. out[0, 0, 7, 0] is 0.3784758320 with"
                  + " COUNTED and 0.0347114299 with BESIDES."));

  private MobaCard() {}
}
