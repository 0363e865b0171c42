package dev.assay.gradcheck.mutant;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;

/** Listed blocks as a table of booleans, from which the backward reads columns. */
final class PlainBlocks {
  private PlainBlocks() {}

  /** Whether a block of queries meets a block of keys, [query blocks][key blocks]. */
  static boolean[][] table(BlockMask mask, int b, int h, int heads) {
    BlockRows rows = mask.rows(b, h, heads);
    boolean[][] table = new boolean[mask.queryBlocks()][mask.keyBlocks()];
    for (int row = 0; row < table.length; row++) {
      for (int e = rows.rowPtr()[row]; e < rows.rowPtr()[row + 1]; e++) {
        table[row][rows.colIdx()[e]] = true;
      }
    }
    return table;
  }
}
