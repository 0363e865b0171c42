package dev.assay.accelerated.simd;

import dev.assay.op.Kernels;
import java.util.Arrays;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * fp64 products of matrices of any size, blocked for the caches (Goto and van de Geijn, "Anatomy of
 * High-Performance Matrix Multiplication", 2008): the right factor is packed in panels of some
 * vectors, the left in panels of some rows, {@link #DEPTH} of the inner extent at a time.
 *
 * <p>Each element is one chain of fused multiply-adds in ascending order of the inner index, so its
 * bits depend neither on the width nor on the number of threads.
 */
final class DoubleGemm {
  static final VectorSpecies<Double> SPECIES =
      VectorSpecies.of(double.class, VectorShape.forBitSize(Lanes.SPECIES.vectorBitSize()));

  static final int LANES = SPECIES.length();

  private static final boolean MANY_REGISTERS = LANES >= 8;
  private static final int ROWS = MANY_REGISTERS ? 6 : 5;
  private static final int COLUMNS = (MANY_REGISTERS ? 4 : 2) * LANES;

  /**
   * A panel of the right factor is 64 KiB, and the left block of a task 96 KiB: both fit the L2.
   */
  private static final int DEPTH = 256;

  private static final int BLOCK = 8 * ROWS;

  private final Workers workers;

  DoubleGemm(Workers workers) {
    this.workers = workers;
  }

  /** {@code y = a b} with a n x d and b d x m. */
  void multiply(Kernels.Matrix a, Kernels.Matrix b, double[] y, int at, int n, int d, int m) {
    Arrays.fill(y, at, at + n * m, 0);
    int panels = Math.ceilDiv(m, COLUMNS);
    double[] right =
        new double[Math.multiplyExact(panels * COLUMNS, Math.min(d, DEPTH)) + CacheLines.DOUBLES];
    int rightAt = CacheLines.lead(right);
    for (int from = 0; from < d; from += DEPTH) {
      int first = from;
      int depth = Math.min(DEPTH, d - from);
      workers.run(panels, () -> panel -> packRight(b, first, depth, panel, m, right, rightAt));
      workers.run(
          Math.ceilDiv(n, BLOCK),
          () -> {
            double[] left = new double[BLOCK * depth];
            double[] edge = new double[ROWS * COLUMNS];
            return block -> {
              packLeft(a, block * BLOCK, first, depth, n, left);
              for (int panel = 0; panel < panels; panel++) {
                block(left, right, rightAt, panel, depth, y, at, block * BLOCK, n, m, edge);
              }
            };
          });
    }
  }

  private static void packRight(
      Kernels.Matrix b, int first, int depth, int panel, int m, double[] right, int rightAt) {
    int columns = Math.min(COLUMNS, m - panel * COLUMNS);
    int to = rightAt + panel * depth * COLUMNS;
    for (int k = 0; k < depth; k++) {
      int from = b.offset() + (first + k) * b.rowStride() + panel * COLUMNS * b.columnStride();
      int row = to + k * COLUMNS;
      if (b.columnStride() == 1) {
        System.arraycopy(b.values(), from, right, row, columns);
      } else {
        for (int j = 0; j < columns; j++) {
          right[row + j] = b.values()[from + j * b.columnStride()];
        }
      }
      Arrays.fill(right, row + columns, row + COLUMNS, 0);
    }
  }

  private static void packLeft(
      Kernels.Matrix a, int firstRow, int first, int depth, int n, double[] left) {
    for (int panel = 0; panel < BLOCK / ROWS; panel++) {
      int row = firstRow + panel * ROWS;
      int rows = Math.clamp(n - row, 0, ROWS);
      int from = a.offset() + row * a.rowStride() + first * a.columnStride();
      int to = panel * ROWS * depth;
      // A column at a time, so that what is written is written one after the other. What rows
      // behind
      // the last hold goes to results that are not kept.
      for (int k = 0; k < depth; k++) {
        for (int r = 0; r < rows; r++) {
          left[to + k * ROWS + r] = a.values()[from + r * a.rowStride() + k * a.columnStride()];
        }
      }
    }
  }

  /** All rows of a left block against one panel. */
  private static void block(
      double[] left,
      double[] right,
      int rightAt,
      int panel,
      int depth,
      double[] y,
      int at,
      int firstRow,
      int n,
      int m,
      double[] edge) {
    int column = panel * COLUMNS;
    int bt = rightAt + panel * depth * COLUMNS;
    for (int row = firstRow; row < Math.min(firstRow + BLOCK, n); row += ROWS) {
      int an = (row - firstRow) * depth;
      int to = at + row * m + column;
      if (row + ROWS <= n && column + COLUMNS <= m) {
        add(left, an, right, bt, y, to, m, depth);
      } else {
        int rows = Math.min(ROWS, n - row);
        int columns = Math.min(COLUMNS, m - column);
        copy(y, to, m, edge, 0, COLUMNS, rows, columns);
        add(left, an, right, bt, edge, 0, COLUMNS, depth);
        copy(edge, 0, COLUMNS, y, to, m, rows, columns);
      }
    }
  }

  private static void add(
      double[] a, int an, double[] b, int bt, double[] c, int ct, int stride, int depth) {
    if (MANY_REGISTERS) {
      DoubleSixByFour.add(a, an, b, bt, c, ct, stride, depth);
    } else {
      DoubleFiveByTwo.add(a, an, b, bt, c, ct, stride, depth);
    }
  }

  private static void copy(
      double[] from,
      int fromAt,
      int fromStride,
      double[] to,
      int toAt,
      int toStride,
      int rows,
      int columns) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(from, fromAt + r * fromStride, to, toAt + r * toStride, columns);
    }
  }
}
