package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;

/**
 * A tensor seen as rows of channels that belong to a span's queries (q, out, dOut) or to its keys
 * (k, v), wherever they lie: one behind the other or in pages.
 *
 * @param problem says where a row lies
 * @param values the tensor
 * @param width channels of a row
 * @param ofKeys whether rows belong to keys
 */
record Rows(AttentionProblem problem, float[] values, int width, boolean ofKeys) {
  static Rows ofQueries(AttentionProblem problem, float[] values, int width) {
    return new Rows(problem, values, width, false);
  }

  static Rows ofKeys(AttentionProblem problem, float[] values, int width) {
    return new Rows(problem, values, width, true);
  }

  /** Heads of the tensor. */
  int heads() {
    return ofKeys ? problem.kvHeads() : problem.heads();
  }

  /** Tiles of a span. */
  int tiles(Span span) {
    return ofKeys ? span.keyTiles() : span.queryTiles();
  }

  /** Rows in a tile. */
  int rowsIn(Span span, int tile) {
    return ofKeys ? span.keysIn(tile) : span.queriesIn(tile);
  }

  /** Position of the first channel of a row of a tile. */
  int position(Span span, int head, int tile, int row) {
    int at =
        ofKeys
            ? problem.keyRow(span.batch(), head, span.keyAt(tile) + row)
            : problem.queryRow(span.batch(), head, span.queryAt(tile) + row);
    return at * width;
  }

  /** Copies a tile's rows, each number times a factor. */
  void load(Span span, int head, int tile, Tile to, float factor) {
    for (int r = 0; r < rowsIn(span, tile); r++) {
      int from = position(span, head, tile, r);
      int into = r * to.stride();
      for (int c = 0; c < width; c++) {
        to.values()[into + c] = factor * values[from + c];
      }
    }
  }

  /** Overwrites a tile's rows with those of a result, each number times a factor. */
  void store(Span span, int head, int tile, Tile from, float factor) {
    for (int r = 0; r < rowsIn(span, tile); r++) {
      int into = position(span, head, tile, r);
      int at = r * from.stride();
      for (int c = 0; c < width; c++) {
        values[into + c] = factor * from.values()[at + c];
      }
    }
  }
}
