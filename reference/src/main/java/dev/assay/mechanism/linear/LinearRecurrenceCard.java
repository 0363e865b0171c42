package dev.assay.mechanism.linear;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link LinearRecurrence}. */
final class LinearRecurrenceCard {
  static final Card CARD =
      new Card(
          "Linear, gated and delta-rule attention",
          "A state of d x d_v numbers is decayed, corrected and added to by every token, and read"
              + " by its query.",
          "S = diag(a) S (gated);  S = S + k v^T, or S = S + beta k (v - S^T k)^T (delta);"
              + " out = scale S^T q",
          "Katharopoulos et al., Transformers are RNNs, 2020; Yang et al., Gated linear attention"
              + " transformers with hardware-efficient training, 2023; Schlag, Irie and"
              + " Schmidhuber, Linear transformers are secretly fast weight programmers, 2021;"
              + " Yang, Kautz and Hatamizadeh, Gated delta networks, 2024",
          "O(n d d_v) time, O(d d_v) memory for the state",
          Card.Reach.GLOBAL,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.TOKEN,
          List.of(
              "rule: LINEAR, GATED, DELTA, GATED_DELTA are the update_rule of ONNX's operator"
                  + " LinearAttention. The gated delta rule decays first and corrects what is left.",
              "decayAs: papers write factors (FACTOR); ONNX and most kernels hand over their"
                  + " logarithms (LOG). With a last extent of 1 a head decays as a whole.",
              "keys: the delta rule is a contraction only for keys no longer than sqrt(2 / beta)."
                  + " UNIT divides keys and queries by sqrt(|x|^2 + 1e-6), which the networks of"
                  + " the papers do outside the recurrence.",
              "A query reads the state after its own token was written. There is no denominator,"
                  + " hence no row is empty but those behind the lengths.",
              "Query heads of a group share the state of their key head.",
              "The state before the first token may be given; the one after the last is what the"
                  + " recurrence leaves behind, and going on from it equals one run over all"
                  + " tokens.",
              "Recorded example: the tensors of case 2822. out[0, 0, 2, 0] is 2.4171623985 as"
                  + " FACTOR and 8.6462763235 as LOG."));

  private LinearRecurrenceCard() {}
}
