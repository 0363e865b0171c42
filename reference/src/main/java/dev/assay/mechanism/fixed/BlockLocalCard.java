package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link BlockLocal}. */
final class BlockLocalCard {
  static final Card CARD =
      new Card(
          "Block-local attention",
          "A token sees its own block of tokens and the blocks next to it.",
          "out_i = sum over j with floor(i/w) - before <= floor(j/w) <= floor(i/w) + after of"
              + " softmax_j(scale q_i . k_j) v_j; causal j <= i",
          "Parmar et al., Image Transformer, 2018; Roy et al., Efficient content-based sparse"
              + " attention with routing transformers, 2021",
          "O(n w (1 + before + after) d) time, O(n w (1 + before + after)) memory for the weights",
          Card.Reach.LOCAL,
          Card.Choice.FIXED,
          Card.Timing.STATIC,
          Card.Granularity.CHUNK,
          List.of(
              "With one block before, a causal query sees w + 1 to 2 w keys, by its place in the"
                  + " block. exactWindow cuts that to before * w keys back and its own, as"
                  + " local-attention's exact_windowsize does where it is causal; there it changes"
                  + " nothing otherwise, here it cuts after * w keys ahead as well.",
              "before = after = 0 is block-diagonal, as in Long Range Arena's local attention.",
              "circular: Reformer's local attention in Hugging Face looks back from the first block"
                  + " to the last one unless it is causal. Here a block that is so met twice counts"
                  + " once.",
              "rope: local-attention turns queries as if they stood at the end of the blocks that"
                  + " they see (END_OF_CONTEXT). Without blocks after it that is the same as PLAIN.",
              "sharedQk: local-attention then takes keys for directions, k / |k|, and sets a token's own"
                  + " logit to -50000, so that it meets itself only where it meets nothing else. Here"
                  + " its own key is left out instead, but where it is alone; the LSE of such a row is"
                  + " its logit, not -50000.",
              "Blocks are cut from position 0 of the keys; query i stands at i + offset.",
              "Recorded example: the tensors of case 2303 (n = 7, w = 2, d = 4)."
                  + " out[0, 0, 2, 0] is 0.1110369904 as PLAIN and 0.1607383197 as END_OF_CONTEXT."));

  private BlockLocalCard() {}
}
