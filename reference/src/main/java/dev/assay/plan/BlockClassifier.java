package dev.assay.plan;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the blocks of a mask by what a problem leaves of them. A map may serve several batch
 * entries and heads: a block is FULL if each of them allows all its pairs, it is dropped if none of
 * them allows any, and it is PARTIAL otherwise.
 */
final class BlockClassifier {
  private enum Found {
    NOTHING,
    SOME,
    ALL
  }

  private final BlockMask mask;
  private final AttentionProblem problem;

  BlockClassifier(BlockMask mask, AttentionProblem problem) {
    this.mask = mask;
    this.problem = problem;
  }

  BlockMask classified() {
    if (problem.batches() == 0 || problem.heads() == 0) {
      return mask;
    }
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < mask.maps(); map++) {
      maps.add(map(map));
    }
    return new BlockMask(qBounds(), kBounds(), maps);
  }

  private int[] qBounds() {
    int[] bounds = new int[mask.queryBlocks() + 1];
    Arrays.setAll(bounds, mask::queryBound);
    return bounds;
  }

  private int[] kBounds() {
    int[] bounds = new int[mask.keyBlocks() + 1];
    Arrays.setAll(bounds, mask::keyBound);
    return bounds;
  }

  /** The batch entries and heads that read a map: firstB to endB - 1, firstH to endH - 1. */
  private record Readers(int firstB, int endB, int firstH, int endH) {
    static Readers of(int map, int maps, int batches, int heads) {
      if (maps == 1) {
        return new Readers(0, batches, 0, heads);
      }
      return maps == heads
          ? new Readers(0, batches, map, map + 1)
          : new Readers(map / heads, map / heads + 1, map % heads, map % heads + 1);
    }
  }

  private BlockRows map(int map) {
    Readers readers = Readers.of(map, mask.maps(), problem.batches(), problem.heads());
    BlockRows rows = mask.rows(readers.firstB, readers.firstH, problem.heads());
    int[] rowPtr = new int[rows.rowPtr().length];
    int[] colIdx = new int[rows.entries()];
    boolean[] full = new boolean[rows.entries()];
    @Nullable BitSet[] bits = new @Nullable BitSet[rows.entries()];
    int kept = 0;
    for (int row = 0; row + 1 < rowPtr.length; row++) {
      for (int e = rows.rowPtr()[row]; e < rows.rowPtr()[row + 1]; e++) {
        BitSet given = rows.bits() == null ? null : rows.bits()[e];
        Found found = found(readers, row, rows.colIdx()[e], given);
        if (found != Found.NOTHING) {
          colIdx[kept] = rows.colIdx()[e];
          full[kept] = found == Found.ALL;
          bits[kept++] = found == Found.ALL ? null : given;
        }
      }
      rowPtr[row + 1] = kept;
    }
    return new BlockRows(
        rowPtr,
        Arrays.copyOf(colIdx, kept),
        Arrays.copyOf(full, kept),
        rows.bits() == null ? null : Arrays.copyOf(bits, kept));
  }

  private Found found(Readers readers, int row, int column, @Nullable BitSet bits) {
    boolean some = false;
    boolean all = true;
    for (int b = readers.firstB; b < readers.endB; b++) {
      for (int h = readers.firstH; h < readers.endH; h++) {
        Found found = block(b, h, row, column, bits);
        some |= found != Found.NOTHING;
        all &= found == Found.ALL;
      }
    }
    return all ? Found.ALL : some ? Found.SOME : Found.NOTHING;
  }

  private Found block(int b, int h, int row, int column, @Nullable BitSet bits) {
    int firstKey = mask.keyBound(column);
    int endKey = mask.keyBound(column + 1);
    boolean pairwise = bits != null || problem.mask() != null || problem.bias() != null;
    long allowed = 0;
    for (int i = mask.queryBound(row); i < mask.queryBound(row + 1); i++) {
      int[] range = problem.keyRange(b, i);
      int from = Math.max(range[0], firstKey);
      int to = Math.min(range[1], endKey);
      if (!pairwise) {
        allowed += Math.max(to - from, 0);
        continue;
      }
      int at = (i - mask.queryBound(row)) * (endKey - firstKey) - firstKey;
      for (int j = from; j < to; j++) {
        if ((bits == null || bits.get(at + j)) && problem.admits(b, h, i, j)) {
          allowed++;
        }
      }
    }
    long pairs = (long) (mask.queryBound(row + 1) - mask.queryBound(row)) * (endKey - firstKey);
    return allowed == 0 ? Found.NOTHING : allowed == pairs ? Found.ALL : Found.SOME;
  }
}
