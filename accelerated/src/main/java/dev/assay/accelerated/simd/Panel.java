package dev.assay.accelerated.simd;

/**
 * The right factor of {@link Gemm#multiply}, packed: its columns are cut into groups of {@link
 * #GROUP}, and a group's rows lie one behind the other without a gap.
 *
 * @param values shared memory of many panels
 * @param offset where the first group begins
 * @param depth rows that count
 * @param groupStride floats from one group to the next
 * @param groups groups of columns; the last is filled up with zeros
 */
record Panel(float[] values, int offset, int depth, int groupStride, int groups) {
  /** Columns that the inner loop computes at once: 4 vectors of 512 bits, else 2 vectors. */
  static final int GROUP = Lanes.LANES >= 16 ? 4 * Lanes.LANES : 2 * Lanes.LANES;

  /** Groups that hold so many columns. */
  static int groups(int columns) {
    return (columns + GROUP - 1) / GROUP;
  }

  /** Columns with the padding of the last group. */
  static int padded(int columns) {
    return groups(columns) * GROUP;
  }
}
