package dev.assay.tensor;

/**
 * Ways to turn the words of a {@link Philox} into numbers without any library function, so that
 * every language gets the same bits. A factor 2^shift is applied by {@link #value}; the result is
 * exact in fp64 and rounded to the case's type afterwards.
 */
public enum Distribution {
  /**
   * Bell-shaped: the Irwin-Hall integer of order 8. With shift -16 the standard deviation is 0.816.
   */
  BELL,
  /** One in eight elements is bell-shaped, the rest are 0. */
  SPARSE,
  /** Bell-shaped, one in 64 elements 16 times as large: single keys dominate their rows. */
  SPIKE,
  /** One of four levels: -1.5, -0.5, 0.5, 1.5 times 2^16, so that logits tie. */
  TIES,
  /** Bell-shaped magnitude with signs that alternate with the index: sums cancel. */
  ANTI,
  /** Bell-shaped times a random power of two in 2^-8..2^7. */
  WIDE,
  /** Integers -4..3 times 2^16: products and sums are exact. */
  EXACT;

  /** The number at an index, times 2^shift. */
  public double value(Philox generator, long index, int shift) {
    int[] words = generator.words(index);
    int bell = generator.bell(index);
    double unscaled =
        switch (this) {
          case BELL -> bell;
          case SPARSE -> (words[3] >>> 29) == 0 ? bell : 0;
          case SPIKE -> (words[3] >>> 26) == 0 ? 16.0 * bell : bell;
          case TIES -> ((words[0] >>> 30) - 1.5) * 65536;
          case ANTI -> (index & 1) == 0 ? Math.abs(bell) : -Math.abs(bell);
          case WIDE -> Math.scalb((double) bell, (words[2] >>> 28) - 8);
          case EXACT -> ((words[0] >>> 29) - 4) * 65536.0;
        };
    return Math.scalb(unscaled, shift);
  }
}
