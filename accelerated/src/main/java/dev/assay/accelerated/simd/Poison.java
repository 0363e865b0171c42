package dev.assay.accelerated.simd;

/**
 * NaN and infinity in rows that a product sums over: {@link Factor} leaves them out for all pairs,
 * and here the kept pairs get them back.
 */
final class Poison {
  private Poison() {}

  /**
   * Adds {@code weight_rj x_jc} to {@code result_rc} for every kept pair (r, j) whose {@code x_jc}
   * is not finite.
   *
   * @param weights a row for each row of the result
   * @param logits laid out like the weights, -inf where a pair is not kept
   * @param result what the product was added to
   * @param rows rows of the result
   * @param from where x comes from, with span, head and tile
   * @param probabilities whether weights are exponentials: then one that has underflowed to 0
   *     stands for a tiny number, and infinity times it is infinity
   */
  static void spread(
      Matrix weights,
      Matrix logits,
      Matrix result,
      int rows,
      Factor from,
      Span span,
      int head,
      int tile,
      boolean probabilities) {
    Rows source = from.rows();
    for (int j = 0; j < source.rowsIn(span, tile); j++) {
      int at = source.position(span, head, tile, j);
      for (int c = 0; c < source.width(); c++) {
        float x = source.values()[at + c];
        if (!Float.isFinite(x)) {
          spread(weights, logits, result, rows, j, c, x, probabilities);
        }
      }
    }
  }

  private static void spread(
      Matrix weights,
      Matrix logits,
      Matrix result,
      int rows,
      int j,
      int c,
      float x,
      boolean probabilities) {
    for (int r = 0; r < rows; r++) {
      if (logits.get(r, j) != Float.NEGATIVE_INFINITY) {
        float weight = weights.get(r, j);
        float least = probabilities && weight == 0 ? Float.MIN_NORMAL : weight;
        result.values()[result.row(r) + c * result.columnStride()] += least * x;
      }
    }
  }
}
