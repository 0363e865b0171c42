package dev.assay.gradcheck.mutant;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import java.util.Arrays;

/** Where things lie: each method is a line of the plain kernel that a mutant may replace. */
class IndexLines {
  /** The key head that query head h reads. */
  int kvHead(int h, int heads, int kvHeads) {
    return h / (heads / kvHeads);
  }

  /** Row of a query in q, out and dOut. */
  int queryRow(int b, int h, int i, int heads, int queries) {
    return (b * heads + h) * queries + i;
  }

  /** Row of a key in k and v. */
  int keyRow(int b, int kvHead, int j, int kvHeads, int keys) {
    return (b * kvHeads + kvHead) * keys + j;
  }

  /** Row of a key in pools of pages. */
  int pagedRow(int page, int kvHead, int j, int kvHeads, int pageSize) {
    return (page * kvHeads + kvHead) * pageSize + j % pageSize;
  }

  /** The physical page of key j. */
  int page(int[][] table, int b, int j, int pageSize) {
    return table[b][j / pageSize];
  }

  /** Position of the first channel of a row. */
  int start(int row, int width) {
    return row * width;
  }

  int broadcastBatch(int b, int extent) {
    return extent == 1 ? 0 : b;
  }

  int broadcastHead(int h, int extent) {
    return extent == 1 ? 0 : h;
  }

  int broadcastQuery(int i, int extent) {
    return extent == 1 ? 0 : i;
  }

  int broadcastKey(int j, int extent) {
    return extent == 1 ? 0 : j;
  }

  /** How many tiles of keys there are. */
  int tiles(int keys, int block) {
    return Math.ceilDiv(keys, block);
  }

  /** The number of the t-th tile. */
  int tile(int t) {
    return t;
  }

  /** The rows of a map of listed blocks. */
  BlockRows rows(BlockMask mask, int b, int h, int heads) {
    return mask.rows(b, h, heads);
  }

  /** The head whose map of blocks or chunks a query head reads. */
  int mapHead(int h) {
    return h;
  }

  /** Which map of chunks a head reads, of those of all (batch entry, head). */
  int map(int maps, int b, int h, int heads) {
    return maps == 1 ? 0 : maps == heads ? h : b * heads + h;
  }

  /** The block of queries that query i lies in. */
  int queryBlock(int[] bounds, int i) {
    int found = Arrays.binarySearch(bounds, i);
    return found >= 0 ? found : -found - 2;
  }

  /** First entry of a row of listed blocks. */
  int listBegin(int[] rowPtr, int row) {
    return rowPtr[row];
  }

  /** End of the entries of a row of listed blocks. */
  int listEnd(int[] rowPtr, int row) {
    return rowPtr[row + 1];
  }

  /** The block that entry e lists. */
  int listed(int[] colIdx, int e, int keyBlocks) {
    return colIdx[e];
  }

  /** Whether the transposed lists, by which dK and dV are summed, have the pair of blocks. */
  boolean listedBack(boolean[][] table, int queryBlock, int keyBlock) {
    return table[queryBlock][keyBlock];
  }

  /** The chunk that query i lies in. */
  int chunk(int i, int size) {
    return i / size;
  }

  /** Whether a chunk meets itself. */
  boolean ownChunk(boolean own) {
    return own;
  }

  /** Entry of a row of listed keys. */
  int listedKey(int[] keys, int e) {
    return keys[e];
  }
}
