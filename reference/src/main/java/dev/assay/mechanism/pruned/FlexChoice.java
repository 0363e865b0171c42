package dev.assay.mechanism.pruned;

import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.pruned.FlexPrefill.Reading;

/**
 * The choice of a head of a {@link FlexPrefill}. With the weights P of the probe, the last block of
 * queries:
 *
 * <pre>
 * vertical_j = mean over the probe of P_ij            slash_o = mean over the probe of P_i,i-o
 * columns, diagonals = as many blocks as the largest entries need whose sum covers gamma
 * D = sqrt(JS(softmax_J(scale mean q . mean k_J), sums of vertical over blocks))
 * if D &lt; tau: both budgets become the least, and the largest entries of the causal softmax of
 *             block means are kept until they cover gamma N
 * </pre>
 */
final class FlexChoice {
  /** What the published code divides a count of tokens by, whatever the block. */
  private static final int FIXED_BLOCK = 128;

  private final FlexPrefill flex;
  private final HeadRows head;
  private final Margin margin;
  private final boolean literal;
  private final int block;
  private final int tokens;
  private final int blocks;

  FlexChoice(FlexPrefill flex, HeadRows head, Margin margin) {
    this.flex = flex;
    this.head = head;
    this.margin = margin;
    this.literal = flex.reading() == Reading.LITERAL;
    this.block = flex.block();
    this.tokens = head.problem().queryLength(head.b());
    this.blocks = Math.ceilDiv(tokens, block);
  }

  FlexHead choose() {
    int least = Math.ceilDiv(flex.minBudget(), block);
    if (tokens <= Math.max(2L * block, (long) least * block)) {
      return FlexHead.everything();
    }
    double[] vertical = new double[tokens];
    double[] slash = new double[tokens];
    for (int i = tokens - block; i < tokens; i++) {
      double[] weights = head.weights(i, j -> true);
      for (int j = 0; j <= i; j++) {
        vertical[j] += weights[j] / block;
        slash[i - j] += weights[j] / block;
      }
    }
    double[] columns = new double[blocks];
    double[] diagonals = new double[blocks];
    for (int x = 0; x < tokens; x++) {
      columns[x / block] += vertical[x];
      diagonals[diagonal(x)] += slash[x];
    }
    boolean trusted = trusted(columns);
    int most = flex.maxBudget() == 0 ? blocks : Math.ceilDiv(flex.maxBudget(), block);
    int vertically = trusted ? least : Math.max(least, budget(vertical));
    int diagonally = trusted ? least : Math.max(least, budget(slash));
    return new FlexHead(
        false,
        best(columns, Math.min(vertically, most)),
        best(diagonals, Math.min(diagonally, most)),
        columns,
        diagonals,
        trusted ? predicted() : new boolean[0][]);
  }

  /** The first column and the main diagonal, and the largest others, so many together. */
  private boolean[] best(double[] mass, int budget) {
    boolean[] forced = new boolean[blocks];
    forced[0] = true;
    return Ranking.best(mass, forced, budget, "block", margin);
  }

  /** The diagonal of blocks that a distance of tokens belongs to. */
  private int diagonal(int distance) {
    return literal ? blocks - 1 - (tokens - 1 - distance) / block : distance / block;
  }

  /** How many blocks hold the largest entries that cover gamma. */
  private int budget(double[] mass) {
    int[] order = BestScores.order(mass, "token");
    if (literal) {
      return (Probabilities.within(mass, order, flex.gamma(), margin) + 1) / FIXED_BLOCK + 1;
    }
    return Math.ceilDiv(covering(mass, order, flex.gamma()), block);
  }

  /** As many of the largest entries as reach a mass; all of them where everything is asked for. */
  private int covering(double[] mass, int[] order, double bar) {
    return flex.gamma() == 1 ? order.length : Probabilities.reaching(mass, order, bar, margin);
  }

  private boolean trusted(double[] columns) {
    if (flex.tau() == 0) {
      return false;
    }
    double[] probe = head.meanQuery(tokens - block, tokens);
    double distance = distance(Probabilities.softmax(scores(probe, blocks)), columns, literal);
    margin.between(distance, flex.tau());
    return distance < flex.tau();
  }

  /** {@code scale q . mean k_J} for the first blocks of keys. */
  private double[] scores(double[] query, int end) {
    double[] scores = new double[end];
    for (int column = 0; column < end; column++) {
      double[] mean = head.meanKey(column * block, (column + 1) * block);
      scores[column] = head.problem().scale() * Probabilities.dot(query, mean);
    }
    return scores;
  }

  /**
   * The square root of the Jensen-Shannon divergence of two distributions, in nats.
   *
   * @param unguarded whether an entry of 0 gives NaN, as 0 log 0 does, instead of nothing
   */
  static double distance(double[] p, double[] q, boolean unguarded) {
    double divergence = 0;
    for (int x = 0; x < p.length; x++) {
      double mean = (p[x] + q[x]) / 2;
      divergence += term(p[x], mean, unguarded) / 2 + term(q[x], mean, unguarded) / 2;
    }
    // Rounding may leave equal distributions a little below 0.
    return StrictMath.sqrt(unguarded ? divergence : Math.max(divergence, 0));
  }

  private static double term(double p, double mean, boolean unguarded) {
    return p == 0 && !unguarded ? 0 : p * StrictMath.log(p / mean);
  }

  /** The largest entries of the causal softmax of block means, over all rows together. */
  private boolean[][] predicted() {
    double[] mass = Ranking.nothing(blocks * blocks);
    for (int row = 0; row < blocks; row++) {
      double[] query = head.meanQuery(row * block, (row + 1) * block);
      double[] weights = Probabilities.softmax(scores(query, row + 1));
      System.arraycopy(weights, 0, mass, row * blocks, row + 1);
    }
    int[] order = BestScores.order(mass, "block");
    double bar = flex.gamma() * blocks;
    int taken =
        literal ? Probabilities.within(mass, order, bar, margin) : covering(mass, order, bar);
    boolean[][] predicted = new boolean[blocks][blocks];
    for (int place = 0; place < taken; place++) {
      predicted[order[place] / blocks][order[place] % blocks] = true;
    }
    if (taken > 0 && taken < order.length) {
      margin.between(mass[order[taken - 1]], mass[order[taken]]);
    }
    return predicted;
  }
}
