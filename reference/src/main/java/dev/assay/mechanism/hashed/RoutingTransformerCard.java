package dev.assay.mechanism.hashed;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link RoutingTransformer}. */
final class RoutingTransformerCard {
  static final Card CARD =
      new Card(
          "Routing Transformer",
          "Each centroid gathers the tokens nearest to it; attention stays within a cluster.",
          "I_c = top w of qhat . mu_c, J_c = top w of khat . mu_c, out_i = mean over c with i in"
              + " I_c of softmax over j in J_c of qhat_i . khat_j, times v_j",
          "Roy, Saffar, Vaswani and Grangier, Efficient content-based sparse attention with routing"
              + " transformers (2021)",
          "O(n C d) time to route, O(C w^2 (d + d_v)) to attend; n^1.5 with sqrt(n) clusters",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.TOKEN,
          List.of(
              "norm: the published code takes mean and scale off q and k (LAYER_NORM), which undoes"
                  + " an earlier 1/sqrt(d): logits are plain products. routing-transformer (UNIT)"
                  + " routes by direction, but attends with q and k as they are, over sqrt(d).",
              "routing: a top w of the whole sequence (TOP) makes membership depend on the future,"
                  + " also where no weight does: a late token can push an early one out. NEAREST is"
                  + " blind to the future: a token goes to its nearest centroid alone.",
              "order: published code compares ranks within the cluster (RANK, literal), right only"
                  + " where queries are keys; else a key of lower rank may lie in the future."
                  + " POSITION (precise) compares positions.",
              "countEps: a mean over no cluster is 0. Published code divides by count + 1e-2,"
                  + " routing-transformer by count + 1e-5: every output shrinks. The mean is over"
                  + " the clusters in which the query finds a key.",
              "mem_k and mem_v are learned keys of each cluster (routing-transformer), which keep a"
                  + " causal row from being empty.",
              "means are state, moved by averages: Centroids has the step, commitment the loss that"
                  + " draws tokens to them.",
              "A position embedding by rank in the cluster belongs to the model and is left out.",
              "Recorded example: the tensors of case 3302. out[0, 0, 3, 0] is -0.4073520468 with"
                  + " order POSITION and 0.2105407715 with RANK."));

  private RoutingTransformerCard() {}
}
