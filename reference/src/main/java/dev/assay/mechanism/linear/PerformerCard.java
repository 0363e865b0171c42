package dev.assay.mechanism.linear;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Performer}. */
final class PerformerCard {
  static final Card CARD =
      new Card(
          "Performer (FAVOR+)",
          "Positive random features whose products estimate the weights of a softmax.",
          "x' = x / d^(1/4), phi_t(x) = exp(w_t . x' - |x'|^2 / 2 - s) / sqrt(m);"
              + " out_i = sum_j (phi(q_i) . phi(k_j)) v_j / sum_j phi(q_i) . phi(k_j),"
              + " j <= i + offset if causal; RELU: phi_t(x) = max(w_t . x, 0) / sqrt(m) + 1e-3",
          "Choromanski et al., Rethinking attention with Performers, 2020",
          "O(n m (d + d_v)) time, O(m d_v) memory for the sums; m = d ln d unless said",
          Card.Reach.GLOBAL,
          Card.Choice.LOW_RANK,
          Card.Timing.STATIC,
          Card.Granularity.TOKEN,
          List.of(
              "projection: rows of a block of d are orthogonal, as long as rows of normal numbers"
                  + " (CHI, unbiased) or all of length sqrt(d). It is a random choice: given, or"
                  + " drawn from the seed once and for all; published code draws anew while it"
                  + " trains, one of them from a sum over the queries.",
              "constants: stabilisers cancel between numerator and denominator except through what"
                  + " is added to the exponentials. PRECISE adds nothing; its key factor is the"
                  + " largest feature of all keys, and if causal the bound max |w_t|^2 / 2 of every"
                  + " exponent, so that no key sees a later one: far from it (d of some hundreds,"
                  + " keys of length 15) all features underflow, and the row counts as empty."
                  + " GOOGLE adds 1e-6, LUCIDRAINS 1e-4, both relative to the largest feature of"
                  + " all keys: even if causal a later key changes earlier outputs a little.",
              "RELU: the authors' code divides by sqrt(m) and does not scale x; performer-pytorch"
                  + " scales x by d^(-1/4) and does not divide by sqrt(m). Against the floor of"
                  + " 1e-3 both matter.",
              "Features of padded keys count as 0; performer-pytorch sets their values to 0 only,"
                  + " so that they shrink the output.",
              "No mask and no bias but lengths and the causal frontier. There is no LSE.",
              "Recorded example: the tensors of case 2841. out[0, 0, 0, 0] is 0.5563488153 as"
                  + " PRECISE and 0.5563122609 as LUCIDRAINS."));

  private PerformerCard() {}
}
