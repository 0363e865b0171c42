package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link DeepSpeedLayout}. */
final class DeepSpeedLayoutCard {
  static final Card CARD =
      new Card(
          "DeepSpeed sparsity configurations",
          "Blocks of windows, global blocks and random blocks, as a library lays them out.",
          "out_i = sum over j in the blocks that the layout lists for the block of i of"
              + " softmax_j(scale q_i . k_j) v_j",
          "Microsoft, DeepSpeed, ops/sparse_attention/sparsity_config.py, 2020, after Child et al.,"
              + " 2019, Zaheer et al., 2020, and Beltagy et al., 2020",
          "O(z b^2 d) time for z listed blocks of b, O(z b^2) memory for the weights",
          Card.Reach.HYBRID,
          Card.Choice.FIXED,
          Card.Timing.STATIC,
          Card.Granularity.BLOCK,
          List.of(
              "reading: the library's unidirectional speaks of blocks, keeps the whole of a block's"
                  + " own, and leaves tokens to a mask of the caller's. FIXED with several global"
                  + " blocks lists blocks of the future even so, and VARIABLE draws there"
                  + " (UPSTREAM). PRECISE sees no later token.",
              "FIXED takes the last global blocks of each window, and a last short window min(end +"
                  + " first, blocks - g); BIGBIRD has its global blocks in front only, unlike the"
                  + " paper; an even sliding window is like the next odd one.",
              "A BIGBIRD row with fewer candidates than random blocks takes all of them; the library"
                  + " raises an error. The same holds for windows longer than the sequence.",
              "maxSeqLength: the library builds a layout once for the longest sequence and cuts it,"
                  + " so that a last short window of FIXED is not treated as one.",
              "Random blocks come from the words of Philox(seed, head), smallest first; Python's may"
                  + " be given as idx. Duplicates of other blocks count once.",
              "Recorded example: the tensors of case 2332 (unidirectional, n = 12, b = 2)."
                  + " out[0, 0, 4, 0] is 0.0765426764 as PRECISE and 0.1301048067 as"
                  + " UPSTREAM."));

  private DeepSpeedLayoutCard() {}
}
