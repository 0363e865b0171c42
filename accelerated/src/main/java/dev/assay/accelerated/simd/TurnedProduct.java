package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

/**
 * Products {@code result += left^T right} that sum over the rows of two tiles. A left factor whose
 * rows are not {@link Tile#EDGE} apart is copied, that many channels at a time: a copy takes a
 * tenth of the time that it saves. An object is the scratch memory of one thread.
 */
final class TurnedProduct {
  private final Matrix turned = Matrix.window();
  private final Matrix part = Matrix.window();
  private final Matrix panel = Matrix.scratch(EDGE);
  private final Matrix panelTurned = panel.transposed();

  /**
   * Adds a product.
   *
   * @param left a row for each inner index, a column for each row of the result
   * @param right a row for each inner index
   * @param channels rows of the result
   * @param depth the inner extent
   * @param columns columns of the result, a multiple of {@link Matrix#PAIR}
   */
  void add(Matrix left, Matrix right, Matrix result, int channels, int depth, int columns) {
    if (left.rowStride() == EDGE) {
      Gemm.multiply(turned.turn(left), right, result, channels, depth, columns, true);
      return;
    }
    for (int first = 0; first < channels; first += EDGE) {
      int count = Math.min(EDGE, channels - first);
      for (int r = 0; r < depth; r++) {
        System.arraycopy(left.values(), left.row(r) + first, panel.values(), panel.row(r), count);
      }
      part.moveTo(result.values(), result.row(first), result.rowStride());
      Gemm.multiply(panelTurned, right, part, count, depth, columns, true);
    }
  }
}
