package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

/**
 * What key ranges say of every tile of queries of a span, all counted in its tiles of keys: a row
 * of the tile reaches some key of {@code first} to {@code end - 1}, and every row reaches all keys
 * of {@code fullFirst} to {@code fullEnd - 1}. Ranges rise with the query, so {@code first} and
 * {@code end} do, but for tiles without any key, where both are 0.
 */
record Reach(int[] first, int[] end, int[] fullFirst, int[] fullEnd) {
  static Reach of(Span span, KeyRanges ranges) {
    int tiles = span.queryTiles();
    Reach reach = new Reach(new int[tiles], new int[tiles], new int[tiles], new int[tiles]);
    for (int tile = 0; tile < tiles; tile++) {
      reach.measure(span, ranges, tile);
    }
    return reach;
  }

  private void measure(Span span, KeyRanges ranges, int tile) {
    int lowestFrom = Integer.MAX_VALUE;
    int highestFrom = 0;
    int lowestTo = Integer.MAX_VALUE;
    int highestTo = 0;
    int row = ranges.row(span.batch(), span.queryAt(tile));
    for (int last = row + span.queriesIn(tile); row < last; row++) {
      int from = ranges.from()[row];
      int to = ranges.to()[row];
      if (from < to) {
        lowestFrom = Math.min(lowestFrom, from);
        highestTo = Math.max(highestTo, to);
      }
      highestFrom = Math.max(highestFrom, from);
      lowestTo = Math.min(lowestTo, to);
    }
    if (highestTo == 0) {
      return;
    }
    first[tile] = (lowestFrom - span.firstKey()) / EDGE;
    end[tile] = Math.ceilDiv(highestTo - span.firstKey(), EDGE);
    int certain = Math.max(lowestTo - span.firstKey(), 0);
    // Keys behind the last one are never computed, so a last tile with fewer keys can be full too.
    fullEnd[tile] = certain == span.keys() ? span.keyTiles() : certain / EDGE;
    fullFirst[tile] = Math.min(Math.ceilDiv(highestFrom - span.firstKey(), EDGE), fullEnd[tile]);
  }

  /** Whether every row of a tile of queries reaches every key of a tile. */
  boolean fills(int queryTile, int keyTile) {
    return fullFirst[queryTile] <= keyTile && keyTile < fullEnd[queryTile];
  }
}
