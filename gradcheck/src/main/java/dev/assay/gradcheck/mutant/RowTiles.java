package dev.assay.gradcheck.mutant;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.Plan;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The tiles of keys that one query row is run over, as a kernel does it: whole tiles, so that the
 * last of a block or of the sequence reaches beyond its end.
 */
final class RowTiles {
  private final KernelInputs in;
  private final Plan plan;
  private final Form form;
  private final IndexLines index;
  private int[] keys = new int[64];
  private int[] counts = new int[64];
  private boolean[] bits = new boolean[64];
  private int[] begins = new int[8];
  private int[] ends = new int[8];
  private int[] columns = new int[8];
  private int size;
  private int tiles;
  private int b;
  private int h;
  private int i;

  RowTiles(KernelInputs in, Plan plan, Form form) {
    this.in = in;
    this.plan = plan;
    this.form = form;
    this.index = in.index;
  }

  int tiles() {
    return tiles;
  }

  /** First entry of a tile. */
  int begin(int tile) {
    return begins[tile];
  }

  /** End of the entries of a tile. */
  int end(int tile) {
    return tile + 1 < tiles ? begins[tile + 1] : size;
  }

  /** Key position behind the last one that the tile's block or tensor holds. */
  int bound(int tile) {
    return ends[tile];
  }

  /** The block of keys that the tile is of; only of listed blocks. */
  int column(int tile) {
    return columns[tile];
  }

  int key(int e) {
    return keys[e];
  }

  int count(int e) {
    return counts[e];
  }

  boolean bit(int e) {
    return bits[e];
  }

  /** Moves to a query row. */
  void load(int batch, int head, int query) {
    this.b = batch;
    this.h = head;
    this.i = query;
    size = 0;
    tiles = 0;
    switch (plan) {
      case DensePlan _ -> dense();
      case BlockPlan block -> blocks(block.mask());
      case ChunkPlan chunk -> chunks(chunk);
      case GatherPlan gather -> list(gather);
      default -> throw new IllegalStateException("a " + plan.kind() + " plan has no rows of keys");
    }
  }

  private void dense() {
    int count = index.tiles(in.keys, form.block());
    for (int t = 0; t < count; t++) {
      int tile = index.tile(t);
      tile(tile * form.block(), (tile + 1) * form.block(), in.keys, 0, null, 0);
    }
  }

  private void blocks(BlockMask mask) {
    int row = index.queryBlock(bounds(mask), i);
    BlockRows rows = index.rows(mask, b, index.mapHead(h), in.heads);
    int end = index.listEnd(rows.rowPtr(), row);
    for (int e = index.listBegin(rows.rowPtr(), row); e < end; e++) {
      int column = index.listed(rows.colIdx(), e, mask.keyBlocks());
      int from = mask.keyBound(column);
      int to = mask.keyBound(column + 1);
      BitSet allowed = rows.bits() == null ? null : rows.bits()[e];
      int firstBit = (i - mask.queryBound(row)) * (to - from);
      for (int key = from; key < to; key += form.block()) {
        tile(key, key + form.block(), to, column, allowed, firstBit + key - from);
      }
    }
  }

  private static int[] bounds(BlockMask mask) {
    int[] bounds = new int[mask.queryBlocks() + 1];
    Arrays.setAll(bounds, mask::queryBound);
    return bounds;
  }

  private void chunks(ChunkPlan chunks) {
    int own = index.chunk(i, chunks.size());
    int map = index.map(chunks.neighbours().size(), b, index.mapHead(h), in.heads);
    if (index.ownChunk(chunks.own())) {
      chunk(own, chunks.size());
    }
    for (int neighbour : chunks.neighbours().get(map).get(own)) {
      chunk(neighbour, chunks.size());
    }
  }

  private void chunk(int chunk, int length) {
    int from = chunk * length;
    int to = Math.min(in.keys, from + length);
    for (int key = from; key < to; key += form.block()) {
      tile(key, key + form.block(), to, chunk, null, 0);
    }
  }

  private void list(GatherPlan plan) {
    int row = (b * in.heads + h) * in.queries + i;
    for (int e = plan.rowPtr()[row]; e < plan.rowPtr()[row + 1]; e++) {
      if ((e - plan.rowPtr()[row]) % form.block() == 0) {
        open(in.keys, 0);
      }
      add(index.listedKey(plan.keys(), e), plan.counts()[e], true);
    }
  }

  private void tile(int from, int to, int bound, int column, @Nullable BitSet allowed, int bit) {
    open(bound, column);
    for (int j = from; j < to; j++) {
      add(j, 1, allowed == null || allowed.get(bit + j - from));
    }
  }

  private void open(int bound, int column) {
    if (tiles == begins.length) {
      begins = Arrays.copyOf(begins, 2 * tiles);
      ends = Arrays.copyOf(ends, 2 * tiles);
      columns = Arrays.copyOf(columns, 2 * tiles);
    }
    begins[tiles] = size;
    ends[tiles] = bound;
    columns[tiles++] = column;
  }

  private void add(int key, int count, boolean bit) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
      bits = Arrays.copyOf(bits, 2 * size);
    }
    keys[size] = key;
    counts[size] = count;
    bits[size++] = bit;
  }
}
