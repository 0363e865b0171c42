package dev.assay.accelerated.simd;

/**
 * Where a tile of pairs lies. A thread has one and moves it, so that no objects are made on the
 * way.
 */
final class Place {
  private Span span;
  private int head;
  private int queryTile;
  private int keyTile;
  private boolean full;

  /** Begins in a span, nowhere in particular. */
  Place(Span span) {
    this.span = span;
  }

  /**
   * Moves to a pair of tiles.
   *
   * @param within their span
   * @param queryHead query head
   * @param ofQueries tile of queries within the span
   * @param ofKeys tile of keys within the span
   * @param allowed whether key ranges and listed blocks allow every pair
   */
  Place moveTo(Span within, int queryHead, int ofQueries, int ofKeys, boolean allowed) {
    span = within;
    head = queryHead;
    queryTile = ofQueries;
    keyTile = ofKeys;
    full = allowed;
    return this;
  }

  Span span() {
    return span;
  }

  int head() {
    return head;
  }

  int queryTile() {
    return queryTile;
  }

  int keyTile() {
    return keyTile;
  }

  boolean full() {
    return full;
  }

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
