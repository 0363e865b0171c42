package dev.assay.mechanism.lowrank;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Nystromformer}. */
final class NystromformerCard {
  static final Card CARD =
      new Card(
          "Nystromformer",
          "The softmax matrix from two thin ones and the pseudo-inverse of a small one between"
              + " landmarks.",
          "F = softmax(Q Kt^T), A = softmax(Qt Kt^T), G = softmax(Qt K^T); out = F A^+ (G V)"
              + " [+ convolution of V along the sequence]; Qt, Kt means of consecutive rows;"
              + " A^+ by Z = Z (13 I - A Z (15 I - A Z (7 I - A Z))) / 4",
          "Xiong et al., Nystromformer: a Nystrom-based algorithm for approximating"
              + " self-attention, 2021",
          "O(n m d + m^3) time, O(n m) memory",
          Card.Reach.GLOBAL,
          Card.Choice.LOW_RANK,
          Card.Timing.DYNAMIC,
          Card.Granularity.CHUNK,
          List.of(
              "start: the first Z is A^T over the largest sum of a column of A. The authors' first"
                  + " version takes the largest of all heads and batch entries (ORIGINAL), so that"
                  + " one sample changes another; each matrix for itself is the default. Gradients"
                  + " flow through that largest sum and through every step.",
              "reading: PRECISE cuts each batch entry by its own length into segments of"
                  + " ceil(length / m) tokens, the last ragged, and takes means of valid tokens, so"
                  + " that padding changes nothing. UPSTREAM wants n to be a multiple of m, counts"
                  + " padded tokens as 0 in the means and as queries, and is plain softmax"
                  + " attention where m = n.",
              "iterations: six steps leave 1e-3 of error for well-separated landmarks, twenty none"
                  + " that fp64 could show. With as many landmarks as tokens and a converged"
                  + " inverse it is dense attention: A A^+ A = A. Where landmarks coincide, A is"
                  + " singular and rounding errors grow by 13/4 with each step.",
              "conv: published models add a convolution of the values over 33, 35 or 65 tokens,"
                  + " with one kernel for each head.",
              "Not causal. There is no LSE: out is a product of three softmaxes.",
              "Recorded example: the tensors of case 2881. out[1, 1, 0, 0] is -0.0391996885"
                  + " with start=PER_MATRIX and -0.0453282972 with ORIGINAL."));

  private NystromformerCard() {}
}
