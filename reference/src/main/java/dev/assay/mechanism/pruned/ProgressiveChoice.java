package dev.assay.mechanism.pruned;

import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.pruned.Psa.Group;
import dev.assay.mechanism.pruned.Psa.Reading;
import dev.assay.mechanism.pruned.Psa.Rest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The blocks that one query of a {@link Psa} takes, for the query heads of one key head. */
final class ProgressiveChoice {
  private final Psa psa;
  private final List<HeadRows> heads;
  private final int i;
  private final Margin margin;
  private final int keys;
  private final int blocks;

  ProgressiveChoice(Psa psa, List<HeadRows> heads, int i, Margin margin) {
    this.psa = psa;
    this.heads = heads;
    this.i = i;
    this.margin = margin;
    this.keys = heads.getFirst().problem().keys();
    this.blocks = Math.ceilDiv(keys, psa.block());
  }

  /** For each block whether it is taken. */
  boolean[] take() {
    boolean[] taken = new boolean[blocks];
    double[] scores = criticality();
    int[] order = BestScores.order(scores, "block");
    force(order, taken);
    int[] waiting = Arrays.stream(order).filter(block -> !taken[block]).toArray();
    int more;
    if (psa.reading() == Reading.PRECISE) {
      more = untilEnoughIsMet(taken, waiting);
    } else {
      int prefix =
          Probabilities.reaching(Probabilities.softmax(scores), order, psa.threshold(), margin);
      // What is forced was counted where it stands in the order.
      more = (int) IntStream.range(0, prefix).filter(place -> !taken[order[place]]).count();
    }
    for (int place = 0; place < more; place++) {
      taken[waiting[place]] = true;
    }
    if (more > 0 && more < waiting.length) {
      margin.between(scores[waiting[more - 1]], scores[waiting[more]]);
    }
    return taken;
  }

  private void force(int[] order, boolean[] taken) {
    Arrays.stream(order).max().ifPresent(open -> taken[open] = true);
    if (psa.firstBlock() && Arrays.stream(order).anyMatch(block -> block == 0)) {
      taken[0] = true;
    }
  }

  /** {@code scale q . mean k_J}, over the heads by their maximum or mean; -inf without a key. */
  double[] criticality() {
    double[] scores = Ranking.nothing(blocks);
    for (int block = 0; block < blocks; block++) {
      double sum = 0;
      int counted = 0;
      for (HeadRows head : heads) {
        double own = criticality(head, block);
        if (own != Double.NEGATIVE_INFINITY) {
          scores[block] = Math.max(scores[block], own);
          sum += own;
          counted++;
        }
      }
      if (psa.group() == Group.MEAN && counted > 0) {
        scores[block] = sum / counted;
      }
    }
    return scores;
  }

  private double criticality(HeadRows head, int block) {
    int count = 0;
    double sum = 0;
    for (int j = from(block); j < to(block); j++) {
      if (head.exists(i, j)) {
        sum += head.logit(i, j);
        count++;
      }
    }
    return count == 0 ? Double.NEGATIVE_INFINITY : sum / count;
  }

  /** How many of the waiting blocks are taken until every head has met enough. */
  private int untilEnoughIsMet(boolean[] forced, int[] waiting) {
    if (psa.epsilon() == 0) {
      return waiting.length;
    }
    List<Masses> masses = heads.stream().map(this::masses).filter(Masses::hasKeys).toList();
    for (int more = 0; more < waiting.length; more++) {
      double least = 1;
      for (Masses mass : masses) {
        least = Math.min(least, mass.share(forced, waiting, more));
      }
      margin.between(least, 1 - psa.epsilon());
      if (least >= 1 - psa.epsilon()) {
        return more;
      }
    }
    return waiting.length;
  }

  /**
   * Masses of blocks for one head, in units of the exp of its largest logit or bound.
   *
   * @param met sum of exp logit
   * @param supposed what is supposed of it before it is met
   */
  private record Masses(double[] met, double[] supposed) {
    /** The largest logit or bound weighs at least 1, if there is any. */
    boolean hasKeys() {
      return Arrays.stream(met).anyMatch(mass -> mass > 0)
          || Arrays.stream(supposed).anyMatch(mass -> mass > 0);
    }

    /** met / (met + supposed rest) when so many of the waiting blocks have been met. */
    double share(boolean[] forced, int[] waiting, int more) {
      double sum = 0;
      for (int block = 0; block < forced.length; block++) {
        sum += forced[block] ? met[block] : 0;
      }
      double rest = 0;
      for (int place = 0; place < waiting.length; place++) {
        sum += place < more ? met[waiting[place]] : 0;
        rest += place < more ? 0 : supposed[waiting[place]];
      }
      return sum / (sum + rest);
    }
  }

  private Masses masses(HeadRows head) {
    double[] supposedLogit = Ranking.nothing(blocks);
    int[] count = new int[blocks];
    double max = Double.NEGATIVE_INFINITY;
    for (int block = 0; block < blocks; block++) {
      supposedLogit[block] =
          psa.rest() == Rest.BOUND
              ? head.problem().scale() * PageBounds.above(head, i, from(block), to(block))
              : criticality(head, block);
      max = Math.max(max, supposedLogit[block]);
      for (int j = from(block); j < to(block); j++) {
        if (head.exists(i, j)) {
          count[block]++;
          max = Math.max(max, head.logit(i, j));
        }
      }
    }
    double[] met = new double[blocks];
    double[] supposed = new double[blocks];
    for (int block = 0; block < blocks; block++) {
      for (int j = from(block); j < to(block); j++) {
        met[block] += head.exists(i, j) ? StrictMath.exp(head.logit(i, j) - max) : 0;
      }
      supposed[block] =
          count[block] == 0 ? 0 : count[block] * StrictMath.exp(supposedLogit[block] - max);
    }
    return new Masses(met, supposed);
  }

  private int from(int block) {
    return block * psa.block();
  }

  private int to(int block) {
    return Math.min(from(block) + psa.block(), keys);
  }
}
