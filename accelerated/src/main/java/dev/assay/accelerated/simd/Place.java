package dev.assay.accelerated.simd;

/**
 * Where a tile of pairs lies.
 *
 * @param span its queries and keys
 * @param head query head
 * @param queryTile tile of queries within the span
 * @param keyTile tile of keys within the span
 * @param full whether key ranges and listed blocks allow every pair
 */
record Place(Span span, int head, int queryTile, int keyTile, boolean full) {
  int batch() {
    return span.batch();
  }

  /** Queries in the tile. */
  int queries() {
    return span.queriesIn(queryTile);
  }

  /** Keys in the tile. */
  int keys() {
    return span.keysIn(keyTile);
  }

  /** First query, counted within the batch entry. */
  int firstQuery() {
    return span.queryAt(queryTile);
  }

  /** First key, counted within the batch entry. */
  int firstKey() {
    return span.keyAt(keyTile);
  }
}
