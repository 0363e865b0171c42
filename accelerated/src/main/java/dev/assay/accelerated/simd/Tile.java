package dev.assay.accelerated.simd;

/**
 * At most {@link #EDGE} rows of numbers, row-major: the left factor or the result of {@link
 * Gemm#multiply}.
 *
 * @param values the rows, each {@code stride} floats after the last
 * @param stride a multiple of {@link Panel#GROUP}
 */
record Tile(float[] values, int stride) {
  /** Queries and keys in a tile: 64, so that a row's kept keys fit the bits of a long. */
  static final int EDGE = Long.SIZE;

  /** Zeros, with room for {@link #EDGE} rows of that many columns. */
  static Tile of(int columns) {
    int stride = Panel.padded(columns);
    return new Tile(new float[EDGE * stride], stride);
  }

  /** A tile of pairs: queries by keys, or keys by queries. */
  static Tile ofPairs() {
    return of(EDGE);
  }
}
