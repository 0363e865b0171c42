package dev.assay.train;

import dev.assay.check.Require;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU of a corpus, orders 1 to 4, as sacreBLEU defines it: Papineni et al., "BLEU" (2002); Post,
 * "A call for clarity in reporting BLEU scores" (2018).
 *
 * <pre>
 * p_n = sum of min(count in hypothesis, largest count in a reference) / n-grams of hypotheses
 * BP = 1 if c > r, else e^(1 - r/c);   r = lengths of the references closest in length, shorter of two
 * BLEU = 100 BP exp(mean of ln p_n)
 * </pre>
 *
 * @param smoothing what becomes of an order without a match
 * @param tokens how lines are cut into tokens
 * @param effectiveOrder the mean takes only the orders that hypotheses are long enough for; meant
 *     for single sentences
 */
public record Bleu(Smoothing smoothing, Tokens tokens, boolean effectiveOrder) {
  private static final int ORDERS = 4;

  /** What a precision without a match becomes. */
  public enum Smoothing {
    /** 0, and the score with it. */
    NONE,
    /** The k-th of them counts as 1/2^k matches: the default of sacreBLEU. */
    EXP,
    /** Counts as a tenth of a match. */
    FLOOR,
    /** Orders above 1 have one match and one n-gram more, all of them. */
    ADD_K
  }

  /** How a line becomes tokens. */
  public enum Tokens {
    /** At white space. */
    NONE,
    /** The rules of mteval-v13a. */
    V13A;

    /** The tokens of a line. */
    public List<String> of(String line) {
      return this == NONE ? BleuTokens.split(line) : BleuTokens.v13a(line);
    }
  }

  /**
   * A score and what it is made of.
   *
   * @param score in 0..100
   * @param precisions in percent, orders 1 to 4
   * @param brevity the penalty BP
   * @param length tokens of the hypotheses
   * @param referenceLength tokens of the closest references
   */
  public record Score(
      double score, List<Double> precisions, double brevity, long length, long referenceLength) {}

  /** As sacreBLEU scores a corpus unless told otherwise. */
  public static Bleu standard() {
    return new Bleu(Smoothing.EXP, Tokens.V13A, false);
  }

  /**
   * The score of a corpus.
   *
   * @param hypotheses a line each
   * @param references one or more lines for each hypothesis
   */
  public Score score(List<String> hypotheses, List<List<String>> references) {
    Require.argument(
        hypotheses.size() == references.size() && !hypotheses.isEmpty(),
        "%d hypotheses came with references for %d: give each its own",
        hypotheses.size(),
        references.size());
    double[] matches = new double[ORDERS];
    double[] totals = new double[ORDERS];
    long length = 0;
    long referenceLength = 0;
    for (int line = 0; line < hypotheses.size(); line++) {
      List<String> hypothesis = tokens.of(hypotheses.get(line));
      List<List<String>> allowed = references.get(line).stream().map(tokens::of).toList();
      Require.argument(!allowed.isEmpty(), "hypothesis %d has no reference", line);
      length += hypothesis.size();
      referenceLength += closest(hypothesis.size(), allowed);
      for (int order = 1; order <= ORDERS; order++) {
        totals[order - 1] += Math.max(0, hypothesis.size() - order + 1);
        matches[order - 1] += matches(hypothesis, allowed, order);
      }
    }
    return score(matches, totals, length, referenceLength);
  }

  private static int closest(int length, List<List<String>> references) {
    int best = references.getFirst().size();
    for (List<String> reference : references) {
      int gap = Math.abs(reference.size() - length);
      int bestGap = Math.abs(best - length);
      if (gap < bestGap || (gap == bestGap && reference.size() < best)) {
        best = reference.size();
      }
    }
    return best;
  }

  private static long matches(List<String> hypothesis, List<List<String>> references, int order) {
    Map<List<String>, Integer> most = new HashMap<>();
    for (List<String> reference : references) {
      NGrams.count(reference, order).forEach((run, count) -> most.merge(run, count, Math::max));
    }
    return NGrams.common(NGrams.count(hypothesis, order), most);
  }

  private Score score(double[] matches, double[] totals, long length, long referenceLength) {
    double brevity = 1;
    if (length < referenceLength) {
      brevity = length == 0 ? 0 : StrictMath.exp(1 - (double) referenceLength / length);
    }
    double[] precisions = new double[ORDERS];
    double any = matches[0] + matches[1] + matches[2] + matches[3];
    int orders = any == 0 ? 0 : precisions(matches, totals, precisions);
    double logs = 0;
    for (int order = 0; order < orders; order++) {
      logs += precisions[order] == 0 ? Double.NEGATIVE_INFINITY : StrictMath.log(precisions[order]);
    }
    double score = orders == 0 ? 0 : brevity * StrictMath.exp(logs / orders);
    return new Score(
        score, Arrays.stream(precisions).boxed().toList(), brevity, length, referenceLength);
  }

  /** Fills in the precisions in percent and gives the number of orders that the mean takes. */
  private int precisions(double[] matches, double[] totals, double[] precisions) {
    double halving = 1;
    int orders = effectiveOrder ? 0 : ORDERS;
    for (int order = 0; order < ORDERS; order++) {
      double more = smoothing == Smoothing.ADD_K && order > 0 ? 1 : 0;
      double match = matches[order] + more;
      double total = totals[order] + more;
      if (total == 0) {
        break;
      }
      orders = effectiveOrder ? order + 1 : ORDERS;
      if (match == 0) {
        halving *= 2;
        match =
            switch (smoothing) {
              case EXP -> 1 / halving;
              case FLOOR -> 0.1;
              case NONE, ADD_K -> 0;
            };
      }
      precisions[order] = 100 * match / total;
    }
    return orders;
  }
}
