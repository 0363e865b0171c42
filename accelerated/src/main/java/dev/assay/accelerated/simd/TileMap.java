package dev.assay.accelerated.simd;

/**
 * Which tiles of keys a tile of queries meets, and the other way round, for one span and head. Both
 * directions are walked by entries {@code e} from {@code begin} to {@code end - 1}, in ascending
 * order of the tile that is met.
 */
interface TileMap {
  /** First entry of a tile of queries. */
  int begin(int queryTile);

  /** One more than its last entry. */
  int end(int queryTile);

  /** The tile of keys that an entry of a tile of queries stands for. */
  int keyTile(int e);

  /**
   * Whether key ranges and listed blocks allow every pair, so that no predicate but the boolean
   * mask is left to ask.
   */
  boolean full(int queryTile, int e);

  /** First entry of a tile of keys. */
  int beginBack(int keyTile);

  /** One more than its last entry. */
  int endBack(int keyTile);

  /** The tile of queries that an entry of a tile of keys stands for. */
  int queryTile(int e);

  /** The entry of the tile of queries that stands for the same pair of tiles. */
  int forward(int keyTile, int e);

  /** Pairs of tiles in all. */
  long size();
}
