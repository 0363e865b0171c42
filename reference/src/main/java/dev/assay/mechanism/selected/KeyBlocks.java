package dev.assay.mechanism.selected;

import dev.assay.check.Require;
import dev.assay.plan.AttentionProblem;

/**
 * The keys of a problem cut into blocks of one size; the last one may be short. Block J covers keys
 * {@code J size} to {@code (J + 1) size - 1}, as far as they are valid.
 *
 * @param problem lengths and offsets
 * @param size keys in a block; 1 where single keys are chosen
 */
record KeyBlocks(AttentionProblem problem, int size) {
  KeyBlocks {
    Require.positive(size, "block");
  }

  /** N: blocks of the tensor, padding included. */
  int count() {
    return Math.ceilDiv(problem.keys(), size);
  }

  /** Where a query stands among the keys; it may stand before or behind all of them. */
  int position(int b, int i) {
    return i + problem.offset(b);
  }

  /** The block in which a query stands; it need not exist. */
  int own(int b, int i) {
    return Math.floorDiv(position(b, i), size);
  }

  /** Whether a block holds a valid key. */
  boolean holdsKeys(int b, int block) {
    return block >= 0 && (long) block * size < problem.keyLength(b);
  }

  /** Whether a query is valid and may meet some key. */
  boolean meetsKeys(int b, int i) {
    int[] range = problem.keyRange(b, i);
    return range[0] < range[1];
  }
}
