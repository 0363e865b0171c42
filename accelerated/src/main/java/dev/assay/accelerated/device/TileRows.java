package dev.assay.accelerated.device;

import static dev.assay.accelerated.device.Tiles.EDGE;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Builds the lists of key tiles, one query tile after the other. Blocks of any size and place are
 * drawn into words of bits, a bit for each key; a tile that is covered as a whole needs none.
 */
public final class TileRows {
  /** Place of the bits of a tile that is listed as a whole; ranges of keys may still cut it. */
  public static final int WHOLE = -1;

  /** The same for a tile that ranges of keys do not cut either: all its pairs exist and count. */
  public static final int CLEAR = -2;

  /**
   * Lists in compressed rows.
   *
   * @param pointers start of each row, and at the end the number of entries
   * @param tiles what is listed, ascending within a row
   * @param bitsAt for each entry the place of its 32 words, or {@link #WHOLE} or {@link #CLEAR}
   */
  public record Entries(int[] pointers, int[] tiles, int[] bitsAt) {
    int start(int row) {
      return pointers[row];
    }
  }

  private final AttentionProblem problem;
  private final KeyRanges ranges;
  private final @Nullable BlockMask mask;
  private final int keyTiles;
  private final IntList pointers = new IntList();
  private final IntList tiles = new IntList();
  private final IntList bitsAt = new IntList();
  private final IntList bits = new IntList();
  private final int[] drawn;

  TileRows(AttentionProblem problem, KeyRanges ranges, @Nullable BlockMask mask) {
    this.problem = problem;
    this.ranges = ranges;
    this.mask = mask;
    this.keyTiles = Tiles.count(problem.keys());
    this.drawn = new int[mask == null ? 0 : keyTiles * EDGE];
    pointers.add(0);
  }

  Entries entries() {
    return new Entries(pointers.toArray(), tiles.toArray(), bitsAt.toArray());
  }

  int[] bits() {
    return bits.toArray();
  }

  /** Adds the lists of all query tiles of a batch entry and head. */
  void add(int b, int h) {
    for (int first = 0; first < problem.queries(); first += EDGE) {
      int end = Math.min(first + EDGE, problem.queries());
      int from = Integer.MAX_VALUE;
      int to = 0;
      int allFrom = 0;
      int allTo = end - first == EDGE ? Integer.MAX_VALUE : 0;
      for (int i = first; i < end; i++) {
        int row = b * problem.queries() + i;
        allFrom = Math.max(allFrom, ranges.from()[row]);
        allTo = Math.min(allTo, ranges.to()[row]);
        if (ranges.from()[row] < ranges.to()[row]) {
          from = Math.min(from, ranges.from()[row]);
          to = Math.max(to, ranges.to()[row]);
        }
      }
      if (mask != null) {
        Arrays.fill(drawn, 0);
        draw(mask, b, h, first, end);
      }
      for (int tile = from / EDGE; tile * EDGE < to; tile++) {
        boolean inside = tile * EDGE >= allFrom && (tile + 1) * EDGE <= allTo;
        list(tile, end - first, inside ? CLEAR : WHOLE);
      }
      pointers.add(tiles.size());
    }
  }

  /**
   * Lists a tile if the plan has pairs in it.
   *
   * @param whole how to mark it if all of its pairs are listed
   */
  private void list(int tile, int rows, int whole) {
    if (mask == null) {
      tiles.add(tile);
      bitsAt.add(whole);
      return;
    }
    // Keys behind the last one belong to nobody: they do not hinder a tile from being whole.
    int columns = Math.min(EDGE, problem.keys() - tile * EDGE);
    int all = columns == EDGE ? -1 : (1 << columns) - 1;
    int some = 0;
    int every = all;
    for (int r = 0; r < rows; r++) {
      some |= drawn[tile * EDGE + r];
      every &= drawn[tile * EDGE + r];
    }
    if (some != 0) {
      tiles.add(tile);
      bitsAt.add(every == all ? whole : bits.size());
      for (int r = 0; every != all && r < EDGE; r++) {
        bits.add(drawn[tile * EDGE + r]);
      }
    }
  }

  /** Draws the blocks that queries {@code first} to {@code end - 1} meet. */
  private void draw(BlockMask mask, int b, int h, int first, int end) {
    BlockRows rows = mask.rows(b, h, problem.heads());
    for (int i = first; i < end; i++) {
      int block = mask.queryBlock(i);
      for (int e = rows.rowPtr()[block]; e < rows.rowPtr()[block + 1]; e++) {
        int from = mask.keyBound(rows.colIdx()[e]);
        int to = mask.keyBound(rows.colIdx()[e] + 1);
        BitSet allowed = rows.bits() == null ? null : rows.bits()[e];
        if (allowed == null) {
          drawKeys(i - first, from, to);
        } else {
          int at = (i - mask.queryBound(block)) * (to - from);
          for (int j = from; j < to; j++) {
            if (allowed.get(at + j - from)) {
              drawKeys(i - first, j, j + 1);
            }
          }
        }
      }
    }
  }

  private void drawKeys(int r, int from, int to) {
    for (int tile = from / EDGE; tile * EDGE < to; tile++) {
      int low = Math.max(from - tile * EDGE, 0);
      int high = Math.min(to - tile * EDGE, EDGE);
      drawn[tile * EDGE + r] |= (-1 >>> (EDGE - (high - low))) << low;
    }
  }
}
