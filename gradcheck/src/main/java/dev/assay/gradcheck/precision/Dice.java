package dev.assay.gradcheck.precision;

import dev.assay.tensor.Philox;

/** Fair numbers in [0, 1), the same for the same seed. */
final class Dice {
  /** One stream for rounding; those of tensors have the numbers of their names. */
  private static final int STREAM = 0x5eed;

  private final Philox philox;
  private int[] words = {};
  private int used;
  private long blocks;

  Dice(int seed) {
    this.philox = new Philox(seed, STREAM, 0);
  }

  /** The next multiple of 2^-32. */
  double next() {
    if (used == words.length) {
      words = philox.words(blocks++);
      used = 0;
    }
    return Integer.toUnsignedLong(words[used++]) * 0x1p-32;
  }
}
