package dev.assay.mechanism.chunked;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link TransformerLs}. */
final class TransformerLsCard {
  static final Card CARD =
      new Card(
          "Long-short attention of Transformer-LS",
          "One softmax over a few compressed keys of everything and the keys near by.",
          "out_i = softmax over [Kbar ; K near i] of scale q_i . k, times [Vbar ; V], Kbar ="
              + " LN_s(P^T K), P = softmax over tokens of p, near keys and values LN_l(K), LN_l(V)",
          "Zhu et al., Long-short transformer: efficient transformers for language and vision, 2021",
          "O(n (r + 2 w) d) time; causal O(n (w + r n / l) d)",
          Card.Reach.HYBRID,
          Card.Choice.LOW_RANK,
          Card.Timing.DYNAMIC,
          Card.Granularity.CHUNK,
          List.of(
              "order: SEPARATE (precise, paper) normalises near and compressed keys apart. The"
                  + " authors' code compresses what was normalised already (CHAINED).",
              "norm: over the channels of all heads (ALL_HEADS, the authors') or of each head"
                  + " (EACH_HEAD, lucidrains). Keys and values share gain and shift.",
              "Near keys: the segment of w queries and w / 2 more on each side, for all queries of"
                  + " the segment alike. reach = w is lucidrains' window.",
              "Causal: chunks of l tokens are compressed each by itself; a query sees those before"
                  + " its own chunk (BEFORE_OWN) and its w last keys. Near tokens so count both"
                  + " exact and compressed, by design. COMPLETE (lucidrains) shows a chunk to its"
                  + " own last token as well.",
              "The causal layer of the authors adds positions, and compresses its cache before the"
                  + " projection to keys; the class token and the convolution of values belong to"
                  + " layers too. They are not here.",
              "Keys in the drawing and in rules are those of the softmax: compressed ones first.",
              "Recorded example: the tensors of case 2481. out[0, 0, 0, 0] is -0.4278652291 with SEPARATE and"
                  + " -0.5495276120 with CHAINED."));

  private TransformerLsCard() {}
}
