package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link BigBird}. */
final class BigBirdCard {
  static final Card CARD =
      new Card(
          "BigBird",
          "A block sees its neighbours, the first and last block, and a few random ones.",
          "out_i = sum over j in the blocks {0, I - 1, I, I + 1, N - 1} and r random ones of"
              + " softmax_j(scale q_i . k_j) v_j, I the block of i; all blocks for I = 0 and N - 1",
          "Zaheer et al., Big Bird: transformers for longer sequences, 2020",
          "O(n b (5 + r) d) time, O(n b (5 + r)) memory for the weights",
          Card.Reach.HYBRID,
          Card.Choice.FIXED,
          Card.Timing.STATIC,
          Card.Granularity.BLOCK,
          List.of(
              "reading: in the paper a row is a set (SET). Published code gathers without looking"
                  + " for duplicates, so that a random block which is also a window or global block"
                  + " weighs twice in the softmax (MULTISET). Window and global blocks that coincide,"
                  + " as in short sequences, count once in both.",
              "draw: random blocks come from the words of Philox(seed, head), smallest first, among"
                  + " the blocks that the row does not meet anyway, fewer than r if there are not"
                  + " enough (UNIFORM). The published plan draws from the first 2 r + 5 blocks alone,"
                  + " whatever the length, and takes the last of those for the global one"
                  + " (FIRST_BLOCKS); for 1024, 3072 and 4096 tokens it has another, from the"
                  + " first 1024 tokens, which may repeat the last block (OLD_PLAN). Outside training Hugging Face has r zeros, which count block 0"
                  + " 1 + r times as MULTISET (ZEROS).",
              "Published code draws with the generator of numpy, seeded by the layer: its tables can"
                  + " be given as idx. The pattern is the same for all batch entries and for life.",
              "denseWhenShort: Hugging Face changes to dense attention for good once a sequence has"
                  + " at most 5 + 2 r blocks.",
              "causal: the paper has an encoder only; here later tokens are cut out of the blocks,"
                  + " and random blocks are drawn from earlier ones.",
              "Padded queries give 0, by q_lens or mask. Only the internal global blocks of the"
                  + " paper are here, no extra tokens.",
              "Recorded example: the tensors of case 2203, whose random blocks repeat others."
                  + " out[0, 0, 4, 0] is -0.3841713729 as SET and -0.3568466683 as MULTISET."));

  private BigBirdCard() {}
}
