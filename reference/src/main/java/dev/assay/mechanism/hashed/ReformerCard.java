package dev.assay.mechanism.hashed;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Reformer}. */
final class ReformerCard {
  static final Card CARD =
      new Card(
          "Reformer (LSH attention)",
          "Tokens are hashed by angle and sorted by bucket; each meets its chunk of the sorted list"
              + " and the one before.",
          "bucket_r(i) = argmax [q_i R_r ; -q_i R_r], khat_j = q_j / sqrt(mean q_j^2 + 1e-6),"
              + " s_ij = q_i . khat_j / sqrt(d), out_i = sum_r exp(L_ir - L_i) o_ir over rounds r",
          "Kitaev, Kaiser and Levskaya, Reformer: the efficient transformer (2020)",
          "O(R n c (d + d_v)) time with R rounds and chunks of c; O(R n log n) to sort",
          Card.Reach.HYBRID,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.CHUNK,
          List.of(
              "duplicates: joining rounds by their LSE counts a key once for each round that meets"
                  + " it (COUNTED, what published code does). The formula of the text divides by"
                  + " that number (ONCE, literal). LUCIDRAINS divides by the rounds whose chunks"
                  + " are neighbours, which misses pairs across the border of two rounds.",
              "acrossBuckets: the text lets a token meet its own bucket only (false, literal);"
                  + " published code lets it meet all of its chunks.",
              "itself: a logit of -1e5 or -5e4 leaves a token to itself only where it meets nothing"
                  + " else. LAST_RESORT is the limit: the output is the same, the LSE is that of"
                  + " the true logit.",
              "norm: RMS (trax and Hugging Face) makes logits of |q| cos. UNIT (reformer-pytorch)"
                  + " has the further factor 1/sqrt(d).",
              "circular: the first chunk of a round looks back into the last of the round before,"
                  + " the very first into the very last. A small circle lists no chunk twice, so a"
                  + " single chunk is dense attention.",
              "The last chunk of each round is short where c does not divide n. What lies behind a"
                  + " length is sorted to the end of every round and met by nobody; the circle of"
                  + " chunks and the default number of buckets count it, as published code does.",
              "rotations: bell-shaped numbers of a generator, by seed; only their directions count."
                  + " A backward pass must reuse the buckets, not the seed: a near tie may hash"
                  + " otherwise.",
              "Reversible layers are no part of the attention: dev.assay.nn has them.",
              "Recorded example: the tensors of case 3201. out[0, 0, 1, 0] is 0.2209148063 as"
                  + " COUNTED and 0.1410324896 as ONCE."));

  private ReformerCard() {}
}
