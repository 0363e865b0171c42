package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns any plan into one: for each tile of queries the tiles of keys that it meets, ascending, as
 * a block mask over a span's own tiles. An entry is FULL if key ranges and listed blocks allow all
 * 64 x 64 pairs, so that no predicate but the boolean mask is left to ask.
 */
final class TileMap {
  private final Span span;
  private final KeyRanges ranges;
  private final @Nullable BlockMask mask;
  private final int[] covered;
  private final boolean[] listed;

  private TileMap(Span span, KeyRanges ranges, @Nullable BlockMask mask) {
    this.span = span;
    this.ranges = ranges;
    this.mask = mask;
    this.covered = new int[span.keyTiles()];
    this.listed = new boolean[span.keyTiles()];
  }

  /**
   * The tiles of a span.
   *
   * @param mask the plan's blocks over the whole batch entry, or null if every pair is listed
   */
  static BlockMask of(Span span, KeyRanges ranges, @Nullable BlockMask mask, int heads) {
    List<BlockRows> maps = new ArrayList<>();
    int distinct = mask == null || mask.maps() == 1 ? 1 : heads;
    for (int h = 0; h < distinct; h++) {
      maps.add(new TileMap(span, ranges, mask).rows(h, heads));
    }
    return new BlockMask(
        BlockMask.uniformBounds(span.queries(), EDGE),
        BlockMask.uniformBounds(span.keys(), EDGE),
        maps);
  }

  private BlockRows rows(int h, int heads) {
    int[] rowPtr = new int[span.queryTiles() + 1];
    int[] columns = new int[16];
    boolean[] full = new boolean[16];
    int entries = 0;
    for (int queryTile = 0; queryTile < span.queryTiles(); queryTile++) {
      Reach reach = reach(queryTile);
      cover(queryTile, h, heads);
      for (int keyTile = reach.first(); keyTile < reach.end(); keyTile++) {
        if (listed[keyTile]) {
          if (entries == columns.length) {
            columns = Arrays.copyOf(columns, 2 * entries);
            full = Arrays.copyOf(full, 2 * entries);
          }
          columns[entries] = keyTile;
          full[entries++] = covered[keyTile] == EDGE * EDGE && reach.fills(span.keyAt(keyTile));
        }
      }
      rowPtr[queryTile + 1] = entries;
    }
    return new BlockRows(
        rowPtr, Arrays.copyOf(columns, entries), Arrays.copyOf(full, entries), null);
  }

  /**
   * What key ranges say of a tile of queries.
   *
   * @param first first key tile that a row reaches
   * @param end one more than the last
   * @param highestFrom no row begins after this key
   * @param lowestTo no row ends before this key
   */
  private record Reach(int first, int end, int highestFrom, int lowestTo) {
    boolean fills(int key) {
      return highestFrom <= key && lowestTo >= key + EDGE;
    }
  }

  private Reach reach(int queryTile) {
    int lowestFrom = Integer.MAX_VALUE;
    int highestFrom = 0;
    int lowestTo = Integer.MAX_VALUE;
    int highestTo = 0;
    for (int r = 0; r < span.queriesIn(queryTile); r++) {
      int row = ranges.row(span.batch(), span.queryAt(queryTile) + r);
      if (ranges.from()[row] < ranges.to()[row]) {
        lowestFrom = Math.min(lowestFrom, ranges.from()[row]);
        highestTo = Math.max(highestTo, ranges.to()[row]);
      }
      highestFrom = Math.max(highestFrom, ranges.from()[row]);
      lowestTo = Math.min(lowestTo, ranges.to()[row]);
    }
    if (highestTo == 0) {
      return new Reach(0, 0, 0, 0);
    }
    int first = (lowestFrom - span.firstKey()) / EDGE;
    int end = Math.ceilDiv(highestTo - span.firstKey(), EDGE);
    return new Reach(first, end, highestFrom, lowestTo);
  }

  /** Counts the pairs of each key tile that the listed blocks hold without asking for bits. */
  private void cover(int queryTile, int h, int heads) {
    if (mask == null) {
      Arrays.fill(listed, true);
      Arrays.fill(covered, EDGE * EDGE);
      return;
    }
    Arrays.fill(listed, false);
    Arrays.fill(covered, 0);
    BlockRows rows = mask.rows(span.batch(), h, heads);
    int from = span.queryAt(queryTile);
    int to = from + span.queriesIn(queryTile);
    for (int block = mask.queryBlock(from);
        block < mask.queryBlocks() && mask.queryBound(block) < to;
        block++) {
      // Rows behind the last query compute nothing that is used: they do not hinder FULL.
      int blockEnd = mask.queryBound(block + 1) >= to ? from + EDGE : mask.queryBound(block + 1);
      int height = blockEnd - Math.max(from, mask.queryBound(block));
      for (int e = rows.rowPtr()[block]; e < rows.rowPtr()[block + 1]; e++) {
        boolean certain = rows.bits() == null || rows.bits()[e] == null;
        cover(
            mask.keyBound(rows.colIdx()[e]), mask.keyBound(rows.colIdx()[e] + 1), height, certain);
      }
    }
  }

  private void cover(int fromKey, int toKey, int height, boolean certain) {
    int from = Math.max(fromKey - span.firstKey(), 0);
    int to = Math.min(toKey - span.firstKey(), span.keyTiles() * EDGE);
    for (int tile = from / EDGE; tile * EDGE < to; tile++) {
      listed[tile] = true;
      if (certain) {
        covered[tile] += height * (Math.min(to, (tile + 1) * EDGE) - Math.max(from, tile * EDGE));
      }
    }
  }
}
