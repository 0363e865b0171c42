package dev.assay.mechanism.pruned;

import org.jspecify.annotations.Nullable;

/**
 * What a head of a {@link FlexPrefill} keeps.
 *
 * @param dense whether the sequence is too short for anything to be left out
 * @param vertical columns of blocks that are kept
 * @param slash diagonals of blocks that are kept, by distance
 * @param predicted further blocks that are kept; empty if the prediction is not trusted
 */
record FlexHead(boolean dense, boolean[] vertical, boolean[] slash, boolean[][] predicted) {
  /** All causal blocks. */
  static FlexHead everything() {
    return new FlexHead(true, new boolean[0], new boolean[0], new boolean[0][]);
  }

  /** Why a block is kept, or null if it is not. */
  @Nullable String reason(int row, int column) {
    if (column > row) {
      return null;
    }
    if (dense) {
      return "short sequence";
    }
    if (row - column < slash.length && slash[row - column]) {
      return "diagonal";
    }
    if (column < vertical.length && vertical[column]) {
      return "column";
    }
    return row < predicted.length && predicted[row][column] ? "predicted block" : null;
  }
}
