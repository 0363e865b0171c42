package dev.assay.layout;

import dev.assay.check.Require;
import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A block mask, and how its maps stand in rows of batch entries and heads; 1 where all share a map.
 *
 * @param mask the blocks; map b * heads + h is that of batch entry b and head h
 * @param batch batch entries with maps of their own
 * @param heads heads with maps of their own
 */
public record BlockMaps(BlockMask mask, int batch, int heads) {
  /** Checks that there are as many maps as the axes say. */
  public BlockMaps {
    Require.argument(
        mask.maps() == batch * heads,
        "%d maps do not stand in %d rows of %d",
        mask.maps(),
        batch,
        heads);
  }

  static BlockMaps of(int[] qBounds, int[] kBounds, List<BlockRows> rows, int batch, int heads) {
    return new BlockMaps(new BlockMask(qBounds, kBounds, rows), batch, heads);
  }

  /** The rows of a map. */
  public BlockRows rows(int map) {
    return mask.rows(map / heads, map % heads, heads);
  }

  /** The columns of a map: each key block with the query blocks that list it. */
  BlockRows columns(int map) {
    return mask.transposed(map / heads, map % heads, heads);
  }

  /** Number of maps. */
  public int count() {
    return mask.maps();
  }

  int queryBlocks() {
    return mask.queryBlocks();
  }

  int keyBlocks() {
    return mask.keyBlocks();
  }

  int[] bounds(Axis axis) {
    int blocks = axis == Axis.QUERIES ? queryBlocks() : keyBlocks();
    int[] bounds = new int[blocks + 1];
    Arrays.setAll(bounds, axis == Axis.QUERIES ? mask::queryBound : mask::keyBound);
    return bounds;
  }

  /** Number of tokens along an axis. */
  int tokens(Axis axis) {
    int[] bounds = bounds(axis);
    return bounds[bounds.length - 1];
  }

  /** Number of listed blocks in all maps. */
  public int entries() {
    int entries = 0;
    for (int map = 0; map < count(); map++) {
      entries += rows(map).entries();
    }
    return entries;
  }

  /** The longest row of all maps. */
  int longestRow() {
    int longest = 0;
    for (int map = 0; map < count(); map++) {
      int[] starts = rows(map).rowPtr();
      for (int row = 0; row < queryBlocks(); row++) {
        longest = Math.max(longest, starts[row + 1] - starts[row]);
      }
    }
    return longest;
  }

  int fullBlocks() {
    int full = 0;
    for (int map = 0; map < count(); map++) {
      for (boolean one : rows(map).full()) {
        full += one ? 1 : 0;
      }
    }
    return full;
  }

  int blocksWithBits() {
    int with = 0;
    for (int map = 0; map < count(); map++) {
      BlockRows rows = rows(map);
      for (int e = 0; rows.bits() != null && e < rows.entries(); e++) {
        with += rows.bits()[e] != null ? 1 : 0;
      }
    }
    return with;
  }

  /** The same with every block that may be so FULL, or with none. */
  BlockMaps declared(boolean full) {
    List<BlockRows> all = new ArrayList<>();
    for (int map = 0; map < count(); map++) {
      BlockRows rows = rows(map);
      boolean[] kinds = new boolean[rows.entries()];
      for (int e = 0; e < kinds.length; e++) {
        kinds[e] = full && (rows.bits() == null || rows.bits()[e] == null);
      }
      all.add(new BlockRows(rows.rowPtr(), rows.colIdx(), kinds, rows.bits()));
    }
    return of(bounds(Axis.QUERIES), bounds(Axis.KEYS), all, batch, heads);
  }

  /** One map in place of equal ones. */
  BlockMaps merged() {
    for (int map = 1; map < count(); map++) {
      Require.argument(
          same(rows(0), rows(map)),
          "head %d of batch entry %d has other blocks than head 0: only equal maps can become one",
          map % heads,
          map / heads);
    }
    return of(bounds(Axis.QUERIES), bounds(Axis.KEYS), List.of(rows(0)), 1, 1);
  }

  /** Whether bounds, axes, blocks, kinds and bits are all the same. */
  public boolean sameAs(BlockMaps other) {
    boolean same = batch == other.batch && heads == other.heads;
    for (Axis axis : Axis.values()) {
      same &= Arrays.equals(bounds(axis), other.bounds(axis));
    }
    for (int map = 0; same && map < count(); map++) {
      same = same(rows(map), other.rows(map));
    }
    return same;
  }

  private static boolean same(BlockRows a, BlockRows b) {
    if (!Arrays.equals(a.rowPtr(), b.rowPtr())
        || !Arrays.equals(a.colIdx(), b.colIdx())
        || !Arrays.equals(a.full(), b.full())) {
      return false;
    }
    for (int e = 0; e < a.entries(); e++) {
      if (!Objects.equals(
          a.bits() == null ? null : a.bits()[e], b.bits() == null ? null : b.bits()[e])) {
        return false;
      }
    }
    return true;
  }
}
