package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

/**
 * A window on a matrix that lies somewhere in an array: element (r, c) at {@code offset + r
 * rowStride + c columnStride}. It can be moved, so that a thread walks over tensors without making
 * objects.
 */
final class Matrix {
  /** What columns are filled up to: two vectors. */
  static final int PAIR = 2 * Lanes.LANES;

  private float[] values;
  private int offset;
  private int rowStride;
  private int columnStride;

  private Matrix(float[] values, int offset, int rowStride, int columnStride) {
    this.values = values;
    this.offset = offset;
    this.rowStride = rowStride;
    this.columnStride = columnStride;
  }

  /** Zeros: room for {@link Tile#EDGE} rows of that many columns, filled up. */
  static Matrix scratch(int columns) {
    return scratch(EDGE, columns);
  }

  /**
   * Zeros: room for so many rows, filled up to fours, of that many columns, filled up. The first
   * row begins a cache line if that can be had.
   */
  static Matrix scratch(int rows, int columns) {
    int stride = padded(columns);
    float[] values = new float[(rows + 3) / 4 * 4 * stride + CacheLines.FLOATS];
    return new Matrix(values, CacheLines.lead(values), stride, 1);
  }

  /** A window on nothing, to be moved. */
  static Matrix window() {
    return new Matrix(new float[0], 0, 0, 1);
  }

  /** The same numbers with rows and columns exchanged; it does not follow when this one moves. */
  Matrix transposed() {
    return window().turn(this);
  }

  /** Moves the window to another one's numbers with rows and columns exchanged. */
  Matrix turn(Matrix other) {
    values = other.values;
    offset = other.offset;
    rowStride = other.columnStride;
    columnStride = other.rowStride;
    return this;
  }

  /** Moves the window to rows of an array that lie {@code stride} floats apart. */
  Matrix moveTo(float[] array, int first, int stride) {
    values = array;
    offset = first;
    rowStride = stride;
    columnStride = 1;
    return this;
  }

  /** Makes the first rows those of another one of the same row stride. */
  void copyRows(Matrix from, int rows) {
    System.arraycopy(from.values, from.offset, values, offset, rows * rowStride);
  }

  /** Columns filled up to pairs of vectors. */
  static int padded(int columns) {
    return (columns + PAIR - 1) / PAIR * PAIR;
  }

  /** An element. */
  float get(int r, int c) {
    return values[row(r) + c * columnStride];
  }

  float[] values() {
    return values;
  }

  /** Where the first element lies. */
  int offset() {
    return offset;
  }

  /** Floats from a row to the next. */
  int rowStride() {
    return rowStride;
  }

  /** Floats from a column to the next. */
  int columnStride() {
    return columnStride;
  }

  /** Where a row begins. */
  int row(int r) {
    return offset + r * rowStride;
  }
}
