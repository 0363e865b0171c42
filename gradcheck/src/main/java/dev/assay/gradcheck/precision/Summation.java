package dev.assay.gradcheck.precision;

import java.util.Locale;

/** In which order the terms of a sum are added; every addition is rounded. */
public enum Summation {
  /** From the first to the last. */
  NAIVE {
    @Override
    double sum(double[] terms, int count, int block, Rounder on) {
      return running(terms, 0, count, on);
    }
  },
  /** Halves, halved again, added like the rounds of a tournament. */
  PAIRWISE {
    @Override
    double sum(double[] terms, int count, int block, Rounder on) {
      return pairwise(terms, 0, count, on);
    }
  },
  /**
   * From the first to the last, with what each addition lost added up beside: Neumaier's form of
   * Kahan's sum.
   */
  NEUMAIER {
    @Override
    double sum(double[] terms, int count, int block, Rounder on) {
      double sum = 0;
      double lost = 0;
      for (int t = 0; t < count; t++) {
        double next = on.of(sum + terms[t]);
        boolean larger = Math.abs(sum) >= Math.abs(terms[t]);
        double high = larger ? sum : terms[t];
        double low = larger ? terms[t] : sum;
        lost = on.of(lost + on.of(on.of(high - next) + low));
        sum = next;
      }
      return on.of(sum + lost);
    }
  },
  /** Within blocks from the first to the last, then over the blocks; a softmax goes online. */
  BLOCKED {
    @Override
    double sum(double[] terms, int count, int block, Rounder on) {
      double sum = 0;
      for (int from = 0; from < count; from += block) {
        sum = on.of(sum + running(terms, from, Math.min(from + block, count), on));
      }
      return sum;
    }
  },
  /** Within blocks from the first to the last, blocks in pairs; a softmax is split and merged. */
  TREE {
    @Override
    double sum(double[] terms, int count, int block, Rounder on) {
      double[] blocks = new double[(count + block - 1) / block];
      for (int b = 0; b < blocks.length; b++) {
        blocks[b] = running(terms, b * block, Math.min((b + 1) * block, count), on);
      }
      return pairwise(blocks, 0, blocks.length, on);
    }
  };

  /**
   * The sum of the first terms.
   *
   * @param terms values of the format, at least {@code count}
   * @param block how many terms a block has, where the order has blocks
   */
  abstract double sum(double[] terms, int count, int block, Rounder on);

  /** Whether it has blocks, and treats a softmax block by block. */
  public boolean hasBlocks() {
    return this == BLOCKED || this == TREE;
  }

  /** {@code terms[from] + ... + terms[to - 1]}; 0 for none. */
  static double running(double[] terms, int from, int to, Rounder on) {
    double sum = 0;
    for (int t = from; t < to; t++) {
      sum = on.of(sum + terms[t]);
    }
    return sum;
  }

  private static double pairwise(double[] terms, int from, int to, Rounder on) {
    if (to - from <= 1) {
      return to == from ? 0 : terms[from];
    }
    int middle = (from + to + 1) >>> 1;
    return on.of(pairwise(terms, from, middle, on) + pairwise(terms, middle, to, on));
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
