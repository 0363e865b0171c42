package dev.assay.pattern;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Patterns as block masks. */
public final class PatternBlocks {
  private PatternBlocks() {}

  /**
   * The pattern over blocks of one size, the last ragged. A block is listed iff one of its pairs
   * exists. It is FULL iff all of them do (a ragged edge block counts what lies inside the
   * lengths); the others are PARTIAL and carry their bits.
   */
  public static BlockMask of(Pattern pattern, int queries, int keys, int queryBlock, int keyBlock) {
    int[] qBounds = BlockMask.uniformBounds(queries, queryBlock);
    int[] kBounds = BlockMask.uniformBounds(keys, keyBlock);
    return of(pattern.at(queries, keys), qBounds, kBounds);
  }

  /** Any set of pairs over blocks of any bounds, by the same rules. */
  public static BlockMask of(Pairs pairs, int[] qBounds, int[] kBounds) {
    int[] rowPtr = new int[qBounds.length];
    List<Integer> columns = new ArrayList<>();
    List<@Nullable BitSet> bits = new ArrayList<>();
    for (int row = 0; row + 1 < qBounds.length; row++) {
      for (int column = 0; column + 1 < kBounds.length; column++) {
        int size = (qBounds[row + 1] - qBounds[row]) * (kBounds[column + 1] - kBounds[column]);
        BitSet allowed = bits(pairs, qBounds, row, kBounds, column);
        int count = allowed.cardinality();
        if (count > 0) {
          columns.add(column);
          bits.add(count == size ? null : allowed);
        }
      }
      rowPtr[row + 1] = columns.size();
    }
    int[] colIdx = columns.stream().mapToInt(Integer::intValue).toArray();
    boolean[] full = new boolean[colIdx.length];
    for (int e = 0; e < full.length; e++) {
      full[e] = bits.get(e) == null;
    }
    BlockRows rows = new BlockRows(rowPtr, colIdx, full, bits.toArray(new @Nullable BitSet[0]));
    return new BlockMask(qBounds, kBounds, List.of(rows));
  }

  private static BitSet bits(Pairs pairs, int[] qBounds, int row, int[] kBounds, int column) {
    BitSet allowed = new BitSet();
    int position = 0;
    for (int i = qBounds[row]; i < qBounds[row + 1]; i++) {
      for (int j = kBounds[column]; j < kBounds[column + 1]; j++) {
        allowed.set(position++, pairs.contains(i, j));
      }
    }
    return allowed;
  }
}
