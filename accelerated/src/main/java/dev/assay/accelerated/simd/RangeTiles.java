package dev.assay.accelerated.simd;

/**
 * The tiles of a plan that lists every pair: for each tile of queries a range of tiles of keys, and
 * an entry is the tile itself. Nothing of size n x n is kept.
 */
final class RangeTiles implements TileMap {
  private final Reach reach;
  private final int[] firstBack;
  private final int[] endBack;
  private final long size;

  RangeTiles(Span span, Reach reach) {
    this.reach = reach;
    this.firstBack = new int[span.keyTiles()];
    this.endBack = new int[span.keyTiles()];
    long pairs = 0;
    int opened = 0;
    // Ranges rise: each tile of keys is opened by the first tile of queries that reaches it, and
    // closed by the last.
    for (int tile = 0; tile < span.queryTiles(); tile++) {
      for (opened = Math.max(opened, reach.first()[tile]); opened < reach.end()[tile]; opened++) {
        firstBack[opened] = tile;
      }
      pairs += reach.end()[tile] - reach.first()[tile];
    }
    int closed = span.keyTiles();
    for (int tile = span.queryTiles() - 1; tile >= 0; tile--) {
      if (reach.first()[tile] < reach.end()[tile]) {
        for (closed = Math.min(closed, reach.end()[tile]); closed > reach.first()[tile]; closed--) {
          endBack[closed - 1] = tile + 1;
        }
      }
    }
    this.size = pairs;
  }

  @Override
  public int begin(int queryTile) {
    return reach.first()[queryTile];
  }

  @Override
  public int end(int queryTile) {
    return reach.end()[queryTile];
  }

  @Override
  public int keyTile(int e) {
    return e;
  }

  @Override
  public boolean full(int queryTile, int e) {
    return reach.fills(queryTile, e);
  }

  @Override
  public int beginBack(int keyTile) {
    return firstBack[keyTile];
  }

  @Override
  public int endBack(int keyTile) {
    return endBack[keyTile];
  }

  @Override
  public int queryTile(int e) {
    return e;
  }

  @Override
  public int forward(int keyTile, int e) {
    return keyTile;
  }

  @Override
  public long size() {
    return size;
  }
}
