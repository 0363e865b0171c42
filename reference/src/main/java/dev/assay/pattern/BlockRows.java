package dev.assay.pattern;

import dev.assay.check.Require;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of one map in compressed rows: row I lists key blocks colIdx[rowPtr[I]] to
 * colIdx[rowPtr[I+1] - 1], ascending and without duplicates.
 *
 * @param rowPtr start of each row, and at the end the number of entries
 * @param colIdx listed blocks
 * @param full whether the entry's block is FULL; else it is PARTIAL
 * @param bits for each entry the allowed pairs within the block (query-major), null for all; null
 *     if no entry has bits
 */
public record BlockRows(
    int[] rowPtr, int[] colIdx, boolean[] full, @Nullable BitSet @Nullable [] bits) {
  /** Rows of PARTIAL blocks without bits. */
  public static BlockRows of(int[] rowPtr, int[] colIdx) {
    return new BlockRows(rowPtr.clone(), colIdx.clone(), new boolean[colIdx.length], null);
  }

  /** Rows of PARTIAL blocks from a table of booleans. */
  public static BlockRows of(boolean[][] table) {
    int[] rowPtr = new int[table.length + 1];
    int[] colIdx = new int[Arrays.stream(table).mapToInt(row -> row.length).sum()];
    int entries = 0;
    for (int row = 0; row < table.length; row++) {
      for (int col = 0; col < table[row].length; col++) {
        if (table[row][col]) {
          colIdx[entries++] = col;
        }
      }
      rowPtr[row + 1] = entries;
    }
    return of(rowPtr, Arrays.copyOf(colIdx, entries));
  }

  /** Number of listed blocks. */
  public int entries() {
    return colIdx.length;
  }

  /** The entry of a block, or a negative number if it is not listed. */
  public int find(int row, int col) {
    return Arrays.binarySearch(colIdx, rowPtr[row], rowPtr[row + 1], col);
  }

  boolean bit(int entry, int position) {
    BitSet allowed = bits == null ? null : bits[entry];
    return allowed == null || allowed.get(position);
  }

  void check(int rows, int cols) {
    Require.argument(
        rowPtr.length == rows + 1,
        "row_ptr has %d entries for %d rows of blocks",
        rowPtr.length,
        rows);
    Require.argument(
        rowPtr[0] == 0 && rowPtr[rows] == colIdx.length && full.length == colIdx.length,
        "row_ptr runs from %d to %d, but col_idx has %d entries",
        rowPtr[0],
        rowPtr[rows],
        colIdx.length);
    Require.argument(
        bits == null || bits.length == colIdx.length,
        "%d sets of bits were given for %d blocks",
        bits == null ? 0 : bits.length,
        colIdx.length);
    for (int e = 0; bits != null && e < bits.length; e++) {
      Require.argument(
          !full[e] || bits[e] == null,
          "entry %d is FULL and carries bits: a full block allows every pair",
          e);
    }
    for (int row = 0; row < rows; row++) {
      Require.argument(
          rowPtr[row] <= rowPtr[row + 1] && rowPtr[row + 1] <= colIdx.length,
          "row_ptr goes from %d to %d at row %d: it must not fall nor pass the %d entries of col_idx",
          rowPtr[row],
          rowPtr[row + 1],
          row,
          colIdx.length);
      for (int e = rowPtr[row]; e < rowPtr[row + 1]; e++) {
        int before = e == rowPtr[row] ? -1 : colIdx[e - 1];
        Require.argument(
            colIdx[e] > before && colIdx[e] < cols,
            "row %d lists block %d after %d: blocks ascend, occur once and lie in 0..%d",
            row,
            colIdx[e],
            before,
            cols - 1);
      }
    }
  }

  /** The same blocks listed by column; bits stay query-major and follow their block. */
  BlockRows transpose(int cols) {
    int[] colPtr = new int[cols + 1];
    for (int col : colIdx) {
      colPtr[col + 1]++;
    }
    for (int col = 0; col < cols; col++) {
      colPtr[col + 1] += colPtr[col];
    }
    int[] next = colPtr.clone();
    int[] rowIdx = new int[colIdx.length];
    boolean[] turnedFull = new boolean[colIdx.length];
    @Nullable BitSet @Nullable [] turnedBits =
        bits == null ? null : new @Nullable BitSet[colIdx.length];
    for (int row = 0; row + 1 < rowPtr.length; row++) {
      for (int e = rowPtr[row]; e < rowPtr[row + 1]; e++) {
        int to = next[colIdx[e]]++;
        rowIdx[to] = row;
        turnedFull[to] = full[e];
        if (turnedBits != null && bits != null) {
          turnedBits[to] = bits[e];
        }
      }
    }
    return new BlockRows(colPtr, rowIdx, turnedFull, turnedBits);
  }
}
