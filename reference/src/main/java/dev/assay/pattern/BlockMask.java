package dev.assay.pattern;

import dev.assay.check.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which blocks of a query-key plane exist, as rows of a compressed matrix, for all heads or for
 * each. Query block I covers queries qBounds[I] to qBounds[I+1] - 1, key block J likewise, so
 * blocks may be ragged, rectangular and of different sizes.
 *
 * <p>A block is FULL if an engine may skip every predicate in it, PARTIAL otherwise; both mean the
 * same where FULL was claimed rightly.
 */
public final class BlockMask {
  private final int[] qBounds;
  private final int[] kBounds;
  private final List<BlockRows> maps;
  private final List<BlockRows> transposes;

  /**
   * A mask.
   *
   * @param qBounds block bounds of the queries, ascending from 0 to n_q
   * @param kBounds block bounds of the keys, ascending from 0 to n_k
   * @param maps one for all heads, one for each head, or one for each (batch entry, head) at b *
   *     heads + h
   */
  public BlockMask(int[] qBounds, int[] kBounds, List<BlockRows> maps) {
    this.qBounds = bounds(qBounds, "query");
    this.kBounds = bounds(kBounds, "key");
    this.maps = List.copyOf(maps);
    Require.argument(!maps.isEmpty(), "a block mask needs at least one map");
    List<BlockRows> turned = new ArrayList<>();
    for (BlockRows map : maps) {
      map.check(queryBlocks(), keyBlocks());
      turned.add(map.transpose(keyBlocks()));
    }
    this.transposes = List.copyOf(turned);
  }

  private static int[] bounds(int[] bounds, String what) {
    Require.argument(
        bounds.length >= 1 && bounds[0] == 0,
        "%s block bounds %s must begin with 0",
        what,
        Arrays.toString(bounds));
    for (int block = 1; block < bounds.length; block++) {
      Require.argument(
          bounds[block] > bounds[block - 1],
          "%s block %d runs from %d to %d: blocks hold at least one token",
          what,
          block - 1,
          bounds[block - 1],
          bounds[block]);
    }
    return bounds.clone();
  }

  /** Bounds of blocks of one size, the last ragged: 0, size, 2 size, ..., n. */
  public static int[] uniformBounds(int n, int size) {
    Require.positive(size, "block size");
    Require.notNegative(n, "length");
    int blocks = Math.ceilDiv(n, size);
    int[] bounds = new int[blocks + 1];
    for (int block = 0; block <= blocks; block++) {
      bounds[block] = (int) Math.min((long) block * size, n);
    }
    return bounds;
  }

  /** A mask over blocks from a table of booleans, one table for each map; all blocks PARTIAL. */
  public static BlockMask of(int[] qBounds, int[] kBounds, boolean[][]... tables) {
    List<BlockRows> maps = new ArrayList<>();
    for (boolean[][] table : tables) {
      maps.add(BlockRows.of(table));
    }
    return new BlockMask(qBounds, kBounds, maps);
  }

  /** Number of query blocks. */
  public int queryBlocks() {
    return qBounds.length - 1;
  }

  /** Number of key blocks. */
  public int keyBlocks() {
    return kBounds.length - 1;
  }

  /** First query of a block; at {@link #queryBlocks()}, n_q. */
  public int queryBound(int block) {
    return qBounds[block];
  }

  /** First key of a block; at {@link #keyBlocks()}, n_k. */
  public int keyBound(int block) {
    return kBounds[block];
  }

  /** The block that a query lies in. */
  public int queryBlock(int i) {
    return blockOf(qBounds, i);
  }

  /** The block that a key lies in. */
  public int keyBlock(int j) {
    return blockOf(kBounds, j);
  }

  private static int blockOf(int[] bounds, int token) {
    Require.index(token, bounds[bounds.length - 1], "token");
    int found = Arrays.binarySearch(bounds, token);
    return found >= 0 ? found : -found - 2;
  }

  /** Number of maps: 1, heads, or batch times heads. */
  public int maps() {
    return maps.size();
  }

  /** The rows for a batch entry and head. */
  public BlockRows rows(int b, int h, int heads) {
    return maps.get(mapOf(b, h, heads));
  }

  /**
   * The transposed rows (a row lists the query blocks that meet a key block) for a batch entry and
   * head.
   */
  public BlockRows transposed(int b, int h, int heads) {
    return transposes.get(mapOf(b, h, heads));
  }

  private int mapOf(int b, int h, int heads) {
    return maps.size() == 1 ? 0 : maps.size() == heads ? h : b * heads + h;
  }

  /** Whether the block that holds (i, j) is listed and, if it carries bits, its bit is set. */
  public boolean contains(int b, int h, int heads, int i, int j) {
    int queryBlock = queryBlock(i);
    int keyBlock = keyBlock(j);
    BlockRows rows = rows(b, h, heads);
    int entry = rows.find(queryBlock, keyBlock);
    if (entry < 0) {
      return false;
    }
    int width = kBounds[keyBlock + 1] - kBounds[keyBlock];
    return rows.bit(entry, (i - qBounds[queryBlock]) * width + j - kBounds[keyBlock]);
  }
}
