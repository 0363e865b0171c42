package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link SparseTransformer}. */
final class SparseTransformerCard {
  static final Card CARD =
      new Card(
          "Sparse Transformer",
          "A token sees the last l tokens and, further back, every l-th one.",
          "out_i = sum over j in S(i) of softmax_j(scale q_i . k_j) v_j; STRIDED S(i) = {i - l .. i}"
              + " and {j <= i : (i - j) mod l = 0}; FIXED S(i) = {j <= i : floor(j/l) = floor(i/l)}"
              + " and {j <= i : j mod l in l - c .. l - 1}",
          "Child, Gray, Radford and Sutskever, Generating long sequences with sparse transformers,"
              + " 2019",
          "O(n (l + n/l) d) time and O(n (l + n/l)) memory for the weights, n sqrt(n) at"
              + " l = sqrt(n); FIXED n (l + c n/l)",
          Card.Reach.HYBRID,
          Card.Choice.FIXED,
          Card.Timing.STATIC,
          Card.Granularity.TOKEN,
          List.of(
              "combination: the paper names three ways, and the released code none: one softmax over"
                  + " the union (MERGED), a pattern for each head (HEADS), or for each layer in turn"
                  + " (FIRST, SECOND).",
              "reading: the local set of the paper runs from i - l to i, which is l + 1 keys"
                  + " (PAPER); the released demonstration masks at a distance of l, which leaves l"
                  + " (OPENAI); merged with the strides both are the same set. Long Range Arena does the same and tests FIXED's columns by"
                  + " remainder = 0 or remainder >= l - c, which is c + 1 columns (LRA).",
              "In FIXED the second pattern alone holds no key for the rows before the first summary"
                  + " column: those rows are empty.",
              "variants: the released code gives head h the h-th last group of c columns, in turns;"
                  + " with HEADS it is the odd heads that take turns.",
              "clsToken: Long Range Arena puts a token in front that is masked nowhere. Row 0 sees"
                  + " the future, and everything sees row 0: with it the whole is not causal.",
              "Strides count from position 0 of the keys; query i stands at i + offset.",
              "Recorded example: the tensors of case 2005 (FIRST, n = 8, l = 3). out[0, 0, 7, 0] is"
                  + " 0.9048885409 as OPENAI and 0.8413914546 as PAPER."));

  private SparseTransformerCard() {}
}
