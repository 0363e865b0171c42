package dev.assay.accelerated.simd;

/** A 64 x 64 matrix of bits, a long for each row. */
final class BitSquare {
  private BitSquare() {}

  /** The bits {@code from} to {@code to - 1}, as far as they lie in 0..63. */
  static long range(int from, int to) {
    int low = Math.max(from, 0);
    int high = Math.min(to, Long.SIZE);
    return low >= high ? 0 : -1L >>> (Long.SIZE - (high - low)) << low;
  }

  /**
   * Transposes in place: six rounds that swap ever smaller off-diagonal squares (Warren, "Hacker's
   * Delight", 2nd edition, section 7-3, for 64 bits and bit 0 as the first column).
   */
  static void transpose(long[] rows) {
    long mask = 0x00000000FFFFFFFFL;
    for (int size = 32; size != 0; size >>= 1, mask ^= mask << size) {
      for (int row = 0; row < Long.SIZE; row = (row + size + 1) & ~size) {
        long swap = (rows[row] >>> size ^ rows[row + size]) & mask;
        rows[row] ^= swap << size;
        rows[row + size] ^= swap;
      }
    }
  }
}
