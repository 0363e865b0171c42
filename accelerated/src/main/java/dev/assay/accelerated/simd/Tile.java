package dev.assay.accelerated.simd;

/** How queries and keys are cut. */
final class Tile {
  /** Queries and keys in a tile: 64, so that a row's kept keys fit the bits of a long. */
  static final int EDGE = Long.SIZE;

  private Tile() {}

  /** Tiles that so many rows make; the last may have fewer. */
  static int count(int rows) {
    return (rows + EDGE - 1) / EDGE;
  }
}
