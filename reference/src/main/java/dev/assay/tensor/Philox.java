package dev.assay.tensor;

/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3" (SC 2011). The numbers depend on key and counter alone, so they are
 * the same in every language and in every order of evaluation.
 *
 * @param seed first key word: the seed of the suite
 * @param stream second key word: which tensor is drawn
 * @param caseId third counter word: which case it is drawn for
 */
public record Philox(int seed, int stream, int caseId) {
  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  /** The four words for an element: counter (index low, index high, caseId, 0). */
  public int[] words(long index) {
    return block(new int[] {(int) index, (int) (index >>> 32), caseId, 0}, seed, stream);
  }

  /** The generator's block function on a counter of four words and a key of two. */
  public static int[] block(int[] counter, int key0, int key1) {
    int c0 = counter[0];
    int c1 = counter[1];
    int c2 = counter[2];
    int c3 = counter[3];
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = (M0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long p1 = (M1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += W0;
      k1 += W1;
    }
    return new int[] {c0, c1, c2, c3};
  }

  /**
   * A bell-shaped integer: the sum of the eight 16-bit halves of the words, minus 2^18. It lies in
   * [-2^18, 2^18 - 8], has mean -4 and standard deviation 2^16 sqrt(8/12), about 53,510, and is
   * exact in fp32 (Irwin-Hall of order 8).
   */
  public int bell(long index) {
    int sum = -(1 << 18);
    for (int word : words(index)) {
      sum += (word & 0xFFFF) + (word >>> 16);
    }
    return sum;
  }

  /** A fair integer in [0, 2^16): the low half of the first word. */
  public int uniform16(long index) {
    return words(index)[0] & 0xFFFF;
  }
}
