package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;

/**
 * Which keys of a span its queries see where only lengths and causality decide: the first so many,
 * never fewer for a later query.
 *
 * @param span the span
 * @param causal whether there is a frontier
 * @param offset position of the span's first query among its keys
 */
record Frontier(Span span, boolean causal, long offset) {
  static Frontier of(AttentionProblem problem, Span span) {
    return new Frontier(span, problem.causal(), problem.offset(span.index()));
  }

  /** How many keys the i-th query of the span sees. */
  int limit(int i) {
    return causal ? Math.clamp(i + offset + 1, 0, span.keys()) : span.keys();
  }

  /** How many keys of a tile the r-th query of a tile of queries sees. */
  int limit(int queryTile, int r, int keyTile) {
    return Math.clamp(limit(queryTile * EDGE + r) - (long) keyTile * EDGE, 0, EDGE);
  }

  /** How many of the first tiles of keys every query of a tile sees to the last key. */
  int wholeTiles(int queryTile) {
    int limit = limit(queryTile * EDGE);
    return limit == span.keys() ? span.keyTiles() : limit / EDGE;
  }

  /** How many of the first tiles of keys hold a key that some query of a tile sees. */
  int seenTiles(int queryTile) {
    return Tile.count(limit(queryTile * EDGE + span.queriesIn(queryTile) - 1));
  }

  /** Puts 0 where a query of a tile does not see a key of a tile. */
  void mask(Matrix pairs, int queryTile, int keyTile) {
    for (int r = 0; r < span.queriesIn(queryTile); r++) {
      int from = pairs.row(r);
      for (int j = limit(queryTile, r, keyTile); j < EDGE; j++) {
        pairs.values()[from + j] = 0;
      }
    }
  }
}
