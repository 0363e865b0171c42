package dev.assay.bench.headline;

import dev.assay.check.Require;
import dev.assay.pattern.BlockRows;
import dev.assay.tensor.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Which blocks exist, by chance: so many in each row, drawn for each head from a fixed seed. */
final class RandomBlocks {
  private static final int SEED = 7;
  private static final int STREAM = 5;

  private RandomBlocks() {}

  /**
   * Square maps of blocks, one for each head.
   *
   * @param blocks rows, and blocks in a row to choose from
   * @param perRow how many are chosen in each row
   */
  static List<BlockRows> of(int heads, int blocks, int perRow) {
    Require.argument(
        perRow >= 0 && perRow <= blocks, "%d of %d blocks cannot be chosen", perRow, blocks);
    List<BlockRows> maps = new ArrayList<>();
    for (int h = 0; h < heads; h++) {
      Philox generator = new Philox(SEED, STREAM, h);
      int[] rowPtr = new int[blocks + 1];
      int[] colIdx = new int[blocks * perRow];
      for (int row = 0; row < blocks; row++) {
        int[] chosen = chosen(generator, row, blocks, perRow);
        System.arraycopy(chosen, 0, colIdx, row * perRow, perRow);
        rowPtr[row + 1] = (row + 1) * perRow;
      }
      maps.add(BlockRows.of(rowPtr, colIdx));
    }
    return maps;
  }

  /** Floyd's way to choose without repetition: one number for each choice, whatever the size. */
  private static int[] chosen(Philox generator, int row, int blocks, int perRow) {
    int[] chosen = new int[perRow];
    BitSet seen = new BitSet();
    for (int e = 0; e < perRow; e++) {
      int last = blocks - perRow + e;
      long word = Integer.toUnsignedLong(generator.words((long) row * blocks + e)[0]);
      // The high half of the product is fair enough for a pattern, and never equals the range.
      int drawn = (int) ((word * (last + 1)) >>> Integer.SIZE);
      chosen[e] = seen.get(drawn) ? last : drawn;
      seen.set(chosen[e]);
    }
    Arrays.sort(chosen);
    return chosen;
  }
}
