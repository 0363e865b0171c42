package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link MInference}. */
final class MInferenceCard {
  static final Card CARD =
      new Card(
          "MInference",
          "Each head has one of three patterns: first columns and a band, columns and diagonals, or"
              + " blocks; where on it the weight lies is found for each input.",
          "A-shape: j < init or i - j < local. Vertical-slash: columns of largest sum_i P_ij and"
              + " diagonals of largest sum_i P_i,i-o over the last queries. Block-sparse: for each"
              + " row I the blocks of largest mean q_I . mean k_J",
          "Jiang et al., MInference 1.0: accelerating pre-filling for long-context LLMs via dynamic"
              + " sparse attention, 2024",
          "O(probe n d) time for columns and diagonals, O((n / b)^2 d) for blocks of b; then d for"
              + " each kept pair",
          Card.Reach.HYBRID,
          Card.Choice.FIXED,
          Card.Timing.DYNAMIC,
          Card.Granularity.TOKEN,
          List.of(
              "reading: PRECISE keeps lines of tokens. LITERAL does what the published kernels make of"
                  + " them: for a block of queries a diagonal becomes a block of keys; one that"
                  + " overlaps the keys covered so far widens them by a whole block. Its"
                  + " block-sparse heads divide a ragged mean by the whole block and force no block,"
                  + " where PRECISE keeps the one on the diagonal; a row may then miss its own key.",
              "The search that assigns patterns and sizes to heads is offline: patterns gives its"
                  + " result, sizes are shared by the heads of a pattern. Without it every head has"
                  + " the setting pattern, whose default is that of the published code.",
              "Drawn is vertical-slash; --set pattern=A_SHAPE or BLOCK_SPARSE draws the others.",
              "First columns and nearest diagonals come before all others, in order: they count"
                  + " within the sizes, and a smaller size keeps the first of them. The published code"
                  + " leaves the order of such ties open. Sizes are at least firstColumns and"
                  + " minSlash.",
              "It is causal, for a prefill over the whole sequence; decoding is dense in the published code, and refused here. The last queries"
                  + " decide for all rows, and blocks of queries see their own future. Every query"
                  + " head chooses for itself. The choice has no gradient.",
              "Recorded example: the tensors of case 4341. out[0, 0, 5, 0] is -0.0284868339 as"
                  + " PRECISE and 0.3218560518 as LITERAL."));

  private MInferenceCard() {}
}
