package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import java.util.Arrays;

/**
 * Turns listed blocks, of whatever bounds, into tiles. A tile is listed if a block overlaps it, and
 * full if blocks without bits cover it and key ranges fill it. Takes time for each listed block and
 * none for the others.
 */
final class TileLister {
  private final Span span;
  private final Reach reach;
  private final BlockMask mask;
  private final int[] covered;
  private final boolean[] seen;
  private int[] touched = new int[16];
  private int count;
  private int[] keyTiles = new int[16];
  private boolean[] full = new boolean[16];
  private int entries;

  TileLister(Span span, Reach reach, BlockMask mask) {
    this.span = span;
    this.reach = reach;
    this.mask = mask;
    this.covered = new int[span.keyTiles()];
    this.seen = new boolean[span.keyTiles()];
  }

  /** The tiles of one of the mask's maps. */
  ListedTiles list(BlockRows rows) {
    entries = 0;
    int[] rowPtr = new int[span.queryTiles() + 1];
    for (int queryTile = 0; queryTile < span.queryTiles(); queryTile++) {
      cover(queryTile, rows);
      take(queryTile);
      rowPtr[queryTile + 1] = entries;
    }
    return new ListedTiles(
        rowPtr, Arrays.copyOf(keyTiles, entries), Arrays.copyOf(full, entries), span.keyTiles());
  }

  /** Counts the pairs of each key tile that the listed blocks hold without asking for bits. */
  private void cover(int queryTile, BlockRows rows) {
    int from = span.queryAt(queryTile);
    int to = from + span.queriesIn(queryTile);
    for (int block = mask.queryBlock(from);
        block < mask.queryBlocks() && mask.queryBound(block) < to;
        block++) {
      int height =
          Math.min(to, mask.queryBound(block + 1)) - Math.max(from, mask.queryBound(block));
      for (int e = rows.rowPtr()[block]; e < rows.rowPtr()[block + 1]; e++) {
        boolean certain = rows.bits() == null || rows.bits()[e] == null;
        int key = rows.colIdx()[e];
        cover(queryTile, mask.keyBound(key), mask.keyBound(key + 1), certain ? height : 0);
      }
    }
  }

  private void cover(int queryTile, int fromKey, int toKey, int height) {
    int from = Math.max(fromKey - span.firstKey(), reach.first()[queryTile] * EDGE);
    int to =
        Math.min(toKey - span.firstKey(), Math.min(reach.end()[queryTile] * EDGE, span.keys()));
    for (int tile = from / EDGE; from < to && tile * EDGE < to; tile++) {
      if (!seen[tile]) {
        seen[tile] = true;
        touch(tile);
      }
      covered[tile] += height * (Math.min(to, (tile + 1) * EDGE) - Math.max(from, tile * EDGE));
    }
  }

  private void touch(int tile) {
    if (count == touched.length) {
      touched = Arrays.copyOf(touched, 2 * count);
    }
    touched[count++] = tile;
  }

  /** Writes down the tiles that were touched and forgets them. */
  private void take(int queryTile) {
    Arrays.sort(touched, 0, count);
    if (entries + count > keyTiles.length) {
      int room = Math.max(entries + count, 2 * entries);
      keyTiles = Arrays.copyOf(keyTiles, room);
      full = Arrays.copyOf(full, room);
    }
    for (int t = 0; t < count; t++) {
      int tile = touched[t];
      keyTiles[entries] = tile;
      full[entries++] =
          covered[tile] == span.queriesIn(queryTile) * span.keysIn(tile)
              && reach.fills(queryTile, tile);
      covered[tile] = 0;
      seen[tile] = false;
    }
    count = 0;
  }
}
