package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.DoubleGemm.COLUMNS;
import static dev.assay.accelerated.simd.DoubleGemm.DEPTH;

import dev.assay.op.Kernels;

/**
 * Some rows of the right factor of a product, packed in panels of {@link DoubleGemm#COLUMNS}
 * columns and {@link DoubleGemm#DEPTH} rows, row after row. Where the last panel lacks columns it
 * holds anything, which goes to results that are not kept; where it lacks rows it is shorter.
 */
final class RightPanels {
  private final Kernels.Matrix factor;
  private final int first;
  private final int end;
  private final int columns;
  private final double[] values;
  private final int offset;

  /**
   * Nothing packed yet.
   *
   * @param factor the right factor
   * @param first first row of it
   * @param end one past the last
   * @param columns columns of it
   * @param values room for the panels
   * @param offset where in it they begin
   */
  RightPanels(Kernels.Matrix factor, int first, int end, int columns, double[] values, int offset) {
    this.factor = factor;
    this.first = first;
    this.end = end;
    this.columns = columns;
    this.values = values;
    this.offset = offset;
  }

  /** Numbers that panels of so many columns and rows take. */
  static int size(int columns, int rows) {
    return Math.multiplyExact(Math.multiplyExact(Math.ceilDiv(columns, COLUMNS), COLUMNS), rows);
  }

  int count() {
    return across() * Math.ceilDiv(end - first, DEPTH);
  }

  private int across() {
    return Math.ceilDiv(columns, COLUMNS);
  }

  /** Packs one of the panels, which are numbered along their first rows. */
  void pack(int panel) {
    int row = first + panel / across() * DEPTH;
    int column = panel % across() * COLUMNS;
    int width = Math.min(COLUMNS, columns - column);
    int step = factor.columnStride();
    int from = factor.offset() + row * factor.rowStride() + column * step;
    int to = at(row, column);
    for (int k = 0; k < depth(row); k++) {
      if (step == 1) {
        System.arraycopy(factor.values(), from, values, to, width);
      } else {
        for (int j = 0; j < width; j++) {
          values[to + j] = factor.values()[from + j * step];
        }
      }
      from += factor.rowStride();
      to += COLUMNS;
    }
  }

  /** The first row. */
  int first() {
    return first;
  }

  /** One past the last row. */
  int end() {
    return end;
  }

  double[] values() {
    return values;
  }

  /** Where the panel begins whose first element has this row and column. */
  int at(int row, int column) {
    return offset + (row - first) * across() * COLUMNS + column * depth(row);
  }

  /** Rows of a panel that begins with this row. */
  int depth(int row) {
    return Math.min(DEPTH, end - row);
  }
}
