package dev.assay.accelerated.simd;

import dev.assay.op.Kernels;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * fp64 products of matrices of any size, blocked for the caches (Goto and van de Geijn, "Anatomy of
 * High-Performance Matrix Multiplication", 2008): the right factor is packed in panels of some
 * vectors, the left in panels of some rows, each {@link #DEPTH} deep. The right factor is packed in
 * rounds, as many depths in one as {@link #RIGHT} allows; a task packs its rows of the left factor.
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

  /** Columns of a panel of the right factor. */
  static final int COLUMNS = (MANY_REGISTERS ? 4 : 2) * LANES;

  /** Inner extent of a panel, which at the right then takes at most 64 KiB and fits the L2. */
  static final int DEPTH = 256;

  /**
   * Most rows of a task. Its part of the left factor, 384 KiB, fits the L2, and its many rows make
   * up for fetching the right factor from further away.
   */
  private static final int MOST_ROWS = 192;

  private static final int LEFT = Math.ceilDiv(MOST_ROWS, ROWS) * ROWS * DEPTH;

  /** Numbers of the right factor in a round, 16 MiB, unless a single depth is more. */
  private static final int RIGHT = 1 << 21;

  private final Workers workers;
  private final Scratch lefts;
  private final Scratch rights = new Scratch(RIGHT + CacheLines.DOUBLES, 1);

  DoubleGemm(Workers workers) {
    this.workers = workers;
    this.lefts = new Scratch(LEFT, workers.threads());
  }

  /** {@code y = a b} with a n x d and b d x m. */
  void multiply(Kernels.Matrix a, Kernels.Matrix b, double[] y, int at, int n, int d, int m) {
    if (n == 0 || d == 0 || m == 0) {
      Arrays.fill(y, at, at + n * m, 0);
      return;
    }
    Result result = new Result(y, at, m);
    int block = rowsOfTask(n);
    int round = depthOfRound(d, m);
    double[] right = rights.take(RightPanels.size(m, round) + CacheLines.DOUBLES);
    int lead = CacheLines.lead(right);
    for (int k = 0; k < d; k += round) {
      RightPanels panels = new RightPanels(b, k, Math.min(d, k + round), m, right, lead);
      workers.run(panels.count(), () -> panels::pack);
      workers.run(
          Math.ceilDiv(n, block),
          () -> {
            double[] edge = new double[ROWS * COLUMNS];
            return task -> {
              int row = task * block;
              rows(a, panels, result, row, Math.min(n, row + block), edge);
            };
          });
    }
    rights.giveBack(right);
  }

  /** Inner extent of a round: all, or as many whole depths as fit, but at least one. */
  static int depthOfRound(int d, int m) {
    int slab = RightPanels.size(m, Math.min(d, DEPTH));
    return Math.min(d, Math.max(1, RIGHT / slab) * DEPTH);
  }

  /** What is written: rows of m numbers, one after the other. */
  private record Result(double[] values, int offset, int m) {}

  /** As nearly the same for each task and thread as panels of rows allow. */
  private int rowsOfTask(int n) {
    int tasks = Math.ceilDiv(Math.ceilDiv(n, MOST_ROWS), workers.threads()) * workers.threads();
    return Math.ceilDiv(Math.ceilDiv(n, tasks), ROWS) * ROWS;
  }

  /** Some rows of the left factor against all panels. */
  private void rows(
      Kernels.Matrix a,
      RightPanels panels,
      Result result,
      int firstRow,
      int endRow,
      double[] edge) {
    double[] left = lefts.take(LEFT);
    for (int k = panels.first(); k < panels.end(); k += DEPTH) {
      int depth = panels.depth(k);
      packLeft(a, firstRow, endRow, k, depth, left);
      for (int column = 0; column < result.m; column += COLUMNS) {
        int bt = panels.at(k, column);
        block(left, panels.values(), bt, depth, result, firstRow, endRow, column, k > 0, edge);
      }
    }
    lefts.giveBack(left);
  }

  private static void packLeft(
      Kernels.Matrix a, int firstRow, int endRow, int k, int depth, double[] left) {
    int to = 0;
    for (int row = firstRow; row < endRow; row += ROWS) {
      int from = a.offset() + row * a.rowStride() + k * a.columnStride();
      // What rows past the last hold goes to results that are not kept.
      for (int r = 0; r < Math.min(ROWS, endRow - row); r++) {
        packRow(a.values(), from + r * a.rowStride(), a.columnStride(), left, to + r, depth);
      }
      to += ROWS * depth;
    }
  }

  private static void packRow(
      double[] values, int from, int step, double[] left, int to, int depth) {
    for (int k = 0; k < depth; k++) {
      left[to + k * ROWS] = values[from + k * step];
    }
  }

  /** All rows of a packed left factor against one panel. */
  private static void block(
      double[] left,
      double[] right,
      int bt,
      int depth,
      Result result,
      int firstRow,
      int endRow,
      int column,
      boolean add,
      double[] edge) {
    double[] y = result.values;
    int m = result.m;
    int columns = Math.min(COLUMNS, m - column);
    for (int row = firstRow; row < endRow; row += ROWS) {
      int an = (row - firstRow) * depth;
      int to = result.offset + row * m + column;
      int rows = Math.min(ROWS, endRow - row);
      if (rows == ROWS && columns == COLUMNS) {
        multiply(left, an, right, bt, y, to, m, depth, add);
      } else {
        copy(y, to, m, edge, 0, COLUMNS, rows, columns);
        multiply(left, an, right, bt, edge, 0, COLUMNS, depth, add);
        copy(edge, 0, COLUMNS, y, to, m, rows, columns);
      }
    }
  }

  private static void multiply(
      double[] a,
      int an,
      double[] b,
      int bt,
      double[] c,
      int ct,
      int stride,
      int depth,
      boolean add) {
    if (MANY_REGISTERS) {
      DoubleSixByFour.multiply(a, an, b, bt, c, ct, stride, depth, add);
    } else {
      DoubleFiveByTwo.multiply(a, an, b, bt, c, ct, stride, depth, add);
    }
  }

  /** What a chain begins with. */
  static DoubleVector start(double[] c, int offset, boolean add) {
    return add ? DoubleVector.fromArray(SPECIES, c, offset) : DoubleVector.zero(SPECIES);
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
