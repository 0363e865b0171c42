package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which pairs of a tile are kept, as a bit for each: key range of the query, listed blocks with
 * their bits, boolean mask. A bias of -inf is the business of {@link LogitTile}.
 */
final class KeepBits {
  private final KeyRanges ranges;
  private final @Nullable BlockMask blocks;
  private final @Nullable PairTensor mask;
  private final int heads;
  private final long[] rows = new long[EDGE];

  /**
   * @param blocks the plan's blocks, or null if it lists every pair
   */
  KeepBits(AttentionProblem problem, KeyRanges ranges, @Nullable BlockMask blocks) {
    this.ranges = ranges;
    this.blocks = blocks;
    this.mask = PairTensor.orNull(problem.mask());
    this.heads = problem.heads();
  }

  /**
   * The bits of a tile, a row for each query, bit j for key j of the tile; rows behind the last
   * query are 0. Or null if the tile is FULL and there is no boolean mask. The array is reused.
   */
  long @Nullable [] byQuery(Place place) {
    if (place.full() && mask == null) {
      return null;
    }
    for (int r = 0; r < EDGE; r++) {
      rows[r] = r < place.queries() ? range(place, place.firstQuery() + r) : 0;
    }
    if (blocks != null && !place.full()) {
      keepListed(place, blocks);
    }
    if (mask != null) {
      keepMasked(place, mask);
    }
    return rows;
  }

  /** The same with a row for each key and a bit for each query. */
  long @Nullable [] byKey(Place place) {
    long[] bits = byQuery(place);
    if (bits != null) {
      BitSquare.transpose(bits);
    }
    return bits;
  }

  private long range(Place place, int i) {
    int row = ranges.row(place.batch(), i);
    int firstKey = place.firstKey();
    return BitSquare.range(ranges.from()[row] - firstKey, ranges.to()[row] - firstKey);
  }

  private void keepListed(Place place, BlockMask listed) {
    int from = place.firstQuery();
    int to = from + place.queries();
    BlockRows map = listed.rows(place.batch(), place.head(), heads);
    for (int block = listed.queryBlock(from);
        block < listed.queryBlocks() && listed.queryBound(block) < to;
        block++) {
      int first = Math.max(from, listed.queryBound(block));
      int end = Math.min(to, listed.queryBound(block + 1));
      for (int i = first; i < end; i++) {
        rows[i - from] &= listedKeys(listed, map, block, i, place.firstKey());
      }
    }
  }

  private static long listedKeys(BlockMask listed, BlockRows map, int block, int i, int firstKey) {
    long keys = 0;
    int keyBlock = listed.keyBlock(firstKey);
    int found = map.find(block, keyBlock);
    int e = found >= 0 ? found : -found - 1;
    for (; e < map.rowPtr()[block + 1]; e++) {
      int first = listed.keyBound(map.colIdx()[e]);
      int end = listed.keyBound(map.colIdx()[e] + 1);
      if (first >= firstKey + EDGE) {
        break;
      }
      long within = BitSquare.range(first - firstKey, end - firstKey);
      BitSet bits = map.bits() == null ? null : map.bits()[e];
      if (bits != null) {
        int at = (i - listed.queryBound(block)) * (end - first);
        within = only(within, bits, at + firstKey - first);
      }
      keys |= within;
    }
    return keys;
  }

  private static long only(long candidates, BitSet bits, int origin) {
    long kept = 0;
    for (long left = candidates; left != 0; left &= left - 1) {
      if (bits.get(origin + Long.numberOfTrailingZeros(left))) {
        kept |= Long.lowestOneBit(left);
      }
    }
    return kept;
  }

  private void keepMasked(Place place, PairTensor allowed) {
    for (int r = 0; r < place.queries(); r++) {
      int at = allowed.position(place, r, 0);
      for (long left = rows[r]; left != 0; left &= left - 1) {
        int j = Long.numberOfTrailingZeros(left);
        if (allowed.tensor().get(at + j * allowed.keyStride()) == 0) {
          rows[r] &= ~(1L << j);
        }
      }
    }
  }
}
