package dev.assay.mechanism.chunked;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link HTransformer1d}. */
final class HTransformer1dCard {
  static final Card CARD =
      new Card(
          "H-Transformer-1D",
          "Near tokens meet exactly, farther ones through means over ever more tokens.",
          "out_i = sum_j softmax_j(scale qbar_I . kbar_J) v_j, I and J the coarse tokens of i and j"
              + " at the finest level at which their blocks are the same or neighbours;"
              + " bars are means over a coarse token",
          "Zhu and Soricut, H-Transformer-1D: fast one-dimensional hierarchical attention for"
              + " sequences, 2021",
          "O(n block d) time, over all levels together",
          Card.Reach.GLOBAL,
          Card.Choice.LOW_RANK,
          Card.Timing.STATIC,
          Card.Granularity.BLOCK,
          List.of(
              "An approximation: all pairs of two coarse tokens share the logit of their means. It"
                  + " is exact where queries and keys of a coarse token are equal, and dense"
                  + " attention where two blocks hold everything.",
              "neighbours: ADJACENT (precise, paper) leaves to a coarser level what is no"
                  + " neighbour at a finer one. SIBLINGS (literal) follows the tree, as the"
                  + " published PyTorch code lucidrains/h-transformer-1d does, so that"
                  + " two tokens side by side may meet at the coarsest level.",
              "mass: a coarse key weighs as its tokens (TOKENS, precise). That code sums values,"
                  + " but counts a coarse key once (ONE, literal): weights do not sum to 1.",
              "The levels are joined by their log-sum-exps. That code subtracts the maximum of"
                  + " each level and adds without undoing it; and unless causal it leaves out the"
                  + " coarsest level, so that the two halves never meet. Neither is offered.",
              "queries: MEAN (paper). In a causal model the mean holds queries of later tokens of"
                  + " its own coarse token; EACH does not, at O(n block log n).",
              "Means are over valid tokens; the sequence need not be a power of two.",
              "Query i and key i are the same token, whatever the lengths.",
              "The picture shows what each token's value counts for; --of softmaxes draws every level"
                  + " over its coarse tokens.",
              "Recorded example: the tensors of case 2501. out[0, 0, 3, 0] is -0.1286042809 with the"
                  + " precise settings, 0.0030108983 with SIBLINGS, -0.1645149510 with ONE, and"
                  + " -0.1223770002 with queries EACH."));

  private HTransformer1dCard() {}
}
