package dev.assay.mechanism.lowrank;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link AnchorAttention}. */
final class AnchorAttentionCard {
  static final Card CARD =
      new Card(
          "Anchor attention",
          "Tokens gather around anchor points, which take the place of hash buckets or stand for"
              + " their tokens.",
          "bucket(x) = argmax_a x . a / |x|; BUCKETS: sort by (bucket, position), cut into chunks,"
              + " out_i = sum over j in the own chunk and the one before of"
              + " softmax_j(q_i . q_j / |q_j|) v_j; LANDMARKS: F A^+ (G V) with the means of each"
              + " bucket as landmarks",
          "Bai, Sparse attention mechanisms in large language models: applications,"
              + " classification, performance analysis, and optimization, section 4.3;"
              + " Kitaev, Kaiser and Levskaya, Reformer: the efficient transformer, 2020;"
              + " Xiong et al., Nystromformer, 2021",
          "O(n m d) time for buckets, O(s n c d) for chunks of c, O(n m d + m^3) for landmarks",
          Card.Reach.HYBRID,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.CHUNK,
          List.of(
              "The source proposes anchors in place of hashing and gives no formula. reading:"
                  + " BUCKETS keeps everything of Reformer but the hash; LANDMARKS uses the"
                  + " anchors as an anchor graph does, as the way from any token to any other.",
              "Anchors are a state of the layer. Where none are given they are found by k-means++"
                  + " and Lloyd's rounds on the directions of the queries. Assignments have no"
                  + " gradient; means of buckets do.",
              "nearest: with s anchors a token takes part in s rounds. duplicates: ONCE is one"
                  + " softmax over the union of what it meets; COUNTED weighs a key by how often"
                  + " it is met, as code for several rounds of hashing does by default.",
              "sharedKeys: keys are queries at length 1, x / sqrt(|x|^2 + 1e-6 d), without a further"
                  + " 1/sqrt(d), and a token meets itself only if it meets nobody else. Without"
                  + " shared keys, keys are sorted by the anchors too.",
              "Padded tokens are not sorted at all. With a single chunk nothing is met twice.",
              "causal: weights never reach the future, but which tokens share a chunk depends on"
                  + " the whole sequence, as with hashing.",
              "Recorded example: the tensors of case 2923. out[0, 0, 0, 0] is 0.3225901837 as ONCE"
                  + " and 0.0733758574 as COUNTED."));

  private AnchorAttentionCard() {}
}
