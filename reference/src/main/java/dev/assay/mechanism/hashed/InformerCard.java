package dev.assay.mechanism.hashed;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Informer}. */
final class InformerCard {
  static final Card CARD =
      new Card(
          "Informer (ProbSparse)",
          "A sample of keys tells which few queries have a peaked softmax; the others give the mean"
              + " of the values.",
          "M_i = max over sampled j of q_i . k_j - (sum of them) / n_k; the u = c ceil(ln n)"
              + " queries of largest M: softmax(q_i K^T / sqrt(d)) V; the others: mean V",
          "Zhou et al., Informer: beyond efficient transformer for long sequence time-series"
              + " forecasting (2021)",
          "O(n ln n (d + d_v)) time: n c ln n sampled logits, c ln n rows of softmax",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.TOKEN,
          List.of(
              "measure: the formula has the sample's max minus its mean (SAMPLE). The published"
                  + " code divides the sum by the number of all keys (KEYS), which nearly leaves"
                  + " the mean out. Logits are not scaled there, which changes no order of SAMPLE.",
              "lazy: with causality the published code gives a sum of the values so far (UPSTREAM),"
                  + " not their mean (MEAN): its rows grow with the position.",
              "sample: drawn with replacement, one table for all batch entries and heads. ALL draws"
                  + " from later keys too. Even with VISIBLE a causal model leaks: the u best of"
                  + " all queries depend on later queries.",
              "u and the size of a sample are at least 1, where ln 1 = 0 would leave none. Ties go"
                  + " to the lower index.",
              "The decoder's option to flatten heads before time (mix) is a matter of the layer,"
                  + " not of the attention. So is distilling between layers.",
              "Transformers counts with log(1 + n), samples nearly all keys, and scales before it"
                  + " measures: given sampled and idx reproduce it.",
              "Recorded example: the tensors of case 3402. out[0, 0, 5, 0] is -2.2366943359"
                  + " with lazy UPSTREAM and -0.3727823893 with MEAN."));

  private InformerCard() {}
}
