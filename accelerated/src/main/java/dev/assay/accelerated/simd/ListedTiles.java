package dev.assay.accelerated.simd;

import java.util.Arrays;

/**
 * Tiles in compressed rows, with their transpose: an entry of a tile of keys knows the entry of the
 * tile of queries that stands for the same pair.
 */
final class ListedTiles implements TileMap {
  private final int[] rowPtr;
  private final int[] keyTiles;
  private final boolean[] full;
  private final int[] colPtr;
  private final int[] queryTiles;
  private final int[] entries;

  /**
   * A map from its rows.
   *
   * @param rowPtr for each tile of queries the start of its row, and at the end the total
   * @param keyTiles ascending within a row
   * @param full for each entry whether every pair is allowed
   * @param columns tiles of keys
   */
  ListedTiles(int[] rowPtr, int[] keyTiles, boolean[] full, int columns) {
    this.rowPtr = rowPtr;
    this.keyTiles = keyTiles;
    this.full = full;
    this.colPtr = new int[columns + 1];
    int size = rowPtr[rowPtr.length - 1];
    for (int e = 0; e < size; e++) {
      colPtr[keyTiles[e] + 1]++;
    }
    for (int column = 0; column < columns; column++) {
      colPtr[column + 1] += colPtr[column];
    }
    this.queryTiles = new int[size];
    this.entries = new int[size];
    int[] next = Arrays.copyOf(colPtr, columns);
    for (int row = 0; row + 1 < rowPtr.length; row++) {
      for (int e = rowPtr[row]; e < rowPtr[row + 1]; e++) {
        int to = next[keyTiles[e]]++;
        queryTiles[to] = row;
        entries[to] = e;
      }
    }
  }

  @Override
  public int begin(int queryTile) {
    return rowPtr[queryTile];
  }

  @Override
  public int end(int queryTile) {
    return rowPtr[queryTile + 1];
  }

  @Override
  public int keyTile(int e) {
    return keyTiles[e];
  }

  @Override
  public boolean full(int queryTile, int e) {
    return full[e];
  }

  @Override
  public int beginBack(int keyTile) {
    return colPtr[keyTile];
  }

  @Override
  public int endBack(int keyTile) {
    return colPtr[keyTile + 1];
  }

  @Override
  public int queryTile(int e) {
    return queryTiles[e];
  }

  @Override
  public int forward(int keyTile, int e) {
    return entries[e];
  }

  @Override
  public long size() {
    return keyTiles.length;
  }
}
