package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

/**
 * NaN and infinity in rows that a product sums over: {@link Panels} leaves them out for all pairs,
 * and here the kept pairs get them back.
 */
final class Poison {
  private Poison() {}

  /**
   * Adds {@code weight_rj x_jc} to {@code result_rc} for every kept pair (r, j) whose {@code x_jc}
   * is not finite.
   *
   * @param weights the left factor
   * @param logits -inf where a pair is not kept
   * @param result what the product was added to
   * @param rows rows of the result
   * @param panels where the right factor was packed
   * @param span the right factor's span, with its head and tile
   */
  static void spread(
      Tile weights,
      Tile logits,
      Tile result,
      int rows,
      Panels panels,
      Span span,
      int head,
      int tile) {
    Rows source = panels.source();
    for (int j = 0; j < source.rowsIn(span, tile); j++) {
      int from = source.position(span, head, tile, j);
      for (int c = 0; c < source.width(); c++) {
        float x = source.values()[from + c];
        if (!Float.isFinite(x)) {
          spread(weights, logits, result, rows, j, c, x);
        }
      }
    }
  }

  private static void spread(
      Tile weights, Tile logits, Tile result, int rows, int j, int c, float x) {
    for (int r = 0; r < rows; r++) {
      if (logits.values()[r * EDGE + j] != Float.NEGATIVE_INFINITY) {
        result.values()[r * result.stride() + c] += weights.values()[r * EDGE + j] * x;
      }
    }
  }
}
