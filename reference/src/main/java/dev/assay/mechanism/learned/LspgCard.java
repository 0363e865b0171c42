package dev.assay.mechanism.learned;

import dev.assay.mechanism.Card;
import java.util.List;

/** The card of {@link Lspg}: its source has no equation for it, so the readings are long. */
final class LspgCard {
  static final Card CARD =
      new Card(
          "Learned sparse pattern generator",
          "A small generator looks at the scores of an input and says which pairs exist.",
          "u_ij = w_h (S_ij - mu_i) / (sd_i + 1e-6) + r_h[bucket(i - j)],"
              + " t_i = v_h . [1, mu_i, sd_i, max_i, log(1 + n_i), progress],"
              + " m_ij = sigmoid((u_ij - t_i) / T), M = local or [m > 1/2] or global,"
              + " out = softmax(S + log M) V",
          "Alwash, Rasheed and Fattah, Efficient Transformer architectures via learnable sparse"
              + " attention and optimization, 2025, 4.3 and Algorithm 1, lines 1 to 4",
          "O(n^2 d) time for scores of tokens, O((n / b)^2 d) for those of blocks; O(n s d) for s"
              + " selected keys a query; 39 + d parameters a head",
          Card.Reach.HYBRID,
          Card.Choice.LEARNED,
          Card.Timing.DYNAMIC,
          Card.Granularity.TOKEN,
          List.of(
              "maskMode: the algorithm multiplies scores by the mask, softmax(S M) (ZERO_LOGIT,"
                  + " literal): a zeroed logit still weighs e^0, more than a selected key of"
                  + " negative score. NEG_INF (precise) excludes; LOG_SOFT adds log(m + 1e-6) and"
                  + " tends to NEG_INF. causalAfterZero=false masks the future by the same product,"
                  + " so that it leaks.",
              "reading: the generator has no equation. PRECISE standardises a row, adds a term by"
                  + " logarithmic distance bucket and compares with a threshold that is learned"
                  + " from the row and the progress of training. LITERAL is a network of one"
                  + " hidden layer on each score alone; its output is a choice, so it never"
                  + " learns, and a row may stay empty.",
              "gate: STE passes the gradient of M to m, also for pairs that M excludes; its surrogate"
                  + " is A_ij = M_ij e^S_ij / sum M_ik e^S_ik to first order. DETACH passes"
                  + " nothing. SOFT multiplies by m itself.",
              "'Hierarchical sparsity' is a union of levels, its gate their maximum. The diagonal,"
                  + " and the only key of a row, always exist. Local: nearer than local tokens."
                  + " Global: the g keys of largest k . a_h, in a causal row of its own prefix; in"
                  + " both directions their queries meet everything, too. local_gate and"
                  + " global_gate switch a level where its sigmoid is above 1/2.",
              "budget: the ceil(budget n_i) columns of largest u instead of a threshold, ties to the"
                  + " lower index; the gate then compares with the middle between the last taken"
                  + " and the first refused. What is forced, near or global comes on top.",
              "level: a generator of scores needs all n^2 of them (SCORE, literal), whatever M is."
                  + " BLOCK makes M from mean queries and mean keys. A causal block still looks at"
                  + " all of its own queries and keys.",
              "scaleDim: equation 1 has sqrt(d_k), the algorithm sqrt(d): channels of a head (HEAD,"
                  + " precise) or of all heads (MODEL, literal).",
              "ZERO_LOGIT changes logits by a product, which no plan has: it runs by ops on every"
                  + " engine.",
              "Recorded example: the tensors of case 4400 (n = 8, d = 4, two heads). out[0, 0, 0, 0]"
                  + " is -0.1860472132 with NEG_INF and -0.1840937981 with ZERO_LOGIT."));

  private LspgCard() {}
}
