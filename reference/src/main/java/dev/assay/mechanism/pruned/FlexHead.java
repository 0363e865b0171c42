package dev.assay.mechanism.pruned;

import dev.assay.mechanism.BestScores;
import org.jspecify.annotations.Nullable;

/**
 * What a head of a {@link FlexPrefill} keeps.
 *
 * @param dense whether the sequence is too short for anything to be left out
 * @param vertical columns of blocks that are kept
 * @param slash diagonals of blocks that are kept, by distance
 * @param columns mass that the probe gives to each column of blocks
 * @param diagonals mass that it gives to each diagonal of blocks
 * @param predicted further blocks that are kept; empty if the prediction is not trusted
 */
record FlexHead(
    boolean dense,
    boolean[] vertical,
    boolean[] slash,
    double[] columns,
    double[] diagonals,
    boolean[][] predicted) {
  /** All causal blocks. */
  static FlexHead everything() {
    return new FlexHead(
        true, new boolean[0], new boolean[0], new double[0], new double[0], new boolean[0][]);
  }

  /** Whether a block is kept. */
  boolean keeps(int row, int column) {
    return column <= row
        && (dense
            || isDiagonal(row - column)
            || isColumn(column)
            || (row < predicted.length && predicted[row][column]));
  }

  private boolean isDiagonal(int distance) {
    return distance < slash.length && slash[distance];
  }

  private boolean isColumn(int column) {
    return column < vertical.length && vertical[column];
  }

  /** Why a block is kept, or null if it is not. */
  @Nullable String reason(int row, int column) {
    if (!keeps(row, column)) {
      return null;
    }
    String place = ": (" + row + ", " + column + ")";
    if (dense) {
      return "short sequence" + place;
    }
    if (isDiagonal(row - column)) {
      return "diagonal" + place + why(diagonals, row - column);
    }
    if (isColumn(column)) {
      return "column" + place + why(columns, column);
    }
    return "predicted block" + place;
  }

  /** The first column and the main diagonal are kept whatever the probe says. */
  private static String why(double[] mass, int index) {
    return index == 0 ? ", always kept" : ", " + BestScores.place(mass, index);
  }
}
