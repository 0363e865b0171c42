package dev.assay.layout;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.tensor.Philox;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Random masks that need no more than some abilities, and the options that read them back. */
final class Masks {
  private final Philox random;
  private final Set<Ability> abilities;
  private long drawn;

  /** What is drawn, and the sizes that no layout need hold. */
  record Drawn(BlockMaps maps, LayoutOptions options) {}

  private Masks(int seed, Set<Ability> abilities) {
    this.random = new Philox(seed, 0, 0);
    this.abilities = abilities;
  }

  /** A mask that the layout can say. */
  static Drawn draw(int seed, LayoutCard card) {
    return new Masks(seed, card.abilities()).drawn(card);
  }

  private Drawn drawn(LayoutCard card) {
    boolean bits = can(Ability.BITS) && below(2) == 1;
    int blockQ = card.blockQ() > 0 ? card.blockQ() : 1 + below(4);
    int blockK = can(Ability.RECTANGLES) ? card.blockK() : blockQ;
    blockK = blockK > 0 ? blockK : 1 + below(5);
    int rows = card.id().equals("seer-decode") ? 1 : 1 + below(5);
    // FlashInfer's bits fill every block of queries.
    int[] qBounds =
        bounds(rows, blockQ, can(Ability.UNEQUAL_QUERIES), can(Ability.RAGGED_QUERIES) && !bits);
    int[] kBounds =
        bounds(1 + below(6), blockK, can(Ability.UNEQUAL_KEYS), can(Ability.RAGGED_KEYS));
    int batch = can(Ability.BATCH) ? 1 + below(3) : 1;
    int heads = can(Ability.HEADS) ? 1 + below(4) : 1;
    List<BlockRows> maps = new ArrayList<>();
    int percent = below(5) * 25;
    for (int map = 0; map < batch * heads; map++) {
      boolean same = map > 0 && !can(Ability.UNEQUAL_COUNTS);
      maps.add(same ? maps.getFirst() : rows(qBounds, kBounds, percent, bits));
    }
    LayoutOptions options =
        LayoutOptions.none()
            .sizes(
                can(Ability.UNEQUAL_QUERIES) ? 0 : blockQ,
                can(Ability.UNEQUAL_KEYS) ? 0 : blockK,
                qBounds[qBounds.length - 1],
                kBounds[kBounds.length - 1]);
    return new Drawn(BlockMaps.of(qBounds, kBounds, maps, batch, heads), options);
  }

  private boolean can(Ability ability) {
    return abilities.contains(ability);
  }

  private int below(int bound) {
    return Integer.remainderUnsigned(random.words(drawn++)[0], bound);
  }

  private int[] bounds(int blocks, int size, boolean unequal, boolean ragged) {
    if (!unequal) {
      return BlockMask.uniformBounds(blocks * size - (ragged ? below(size) : 0), size);
    }
    int[] bounds = new int[blocks + 1];
    for (int block = 0; block < blocks; block++) {
      bounds[block + 1] = bounds[block] + 1 + below(4);
    }
    return bounds;
  }

  private BlockRows rows(int[] qBounds, int[] kBounds, int percent, boolean withBits) {
    List<Integer> columns = new ArrayList<>();
    List<Boolean> kinds = new ArrayList<>();
    List<@Nullable BitSet> bits = new ArrayList<>();
    int[] rowPtr = new int[qBounds.length];
    for (int row = 0; row + 1 < qBounds.length; row++) {
      for (int column = 0; column + 1 < kBounds.length; column++) {
        if (below(100) < percent) {
          int pairs = (qBounds[row + 1] - qBounds[row]) * (kBounds[column + 1] - kBounds[column]);
          columns.add(column);
          bits.add(withBits && pairs > 1 && below(2) == 1 ? some(pairs) : null);
          kinds.add(can(Ability.FULL) && below(2) == 1);
        }
      }
      rowPtr[row + 1] = columns.size();
    }
    boolean[] full = new boolean[columns.size()];
    for (int e = 0; e < full.length; e++) {
      full[e] = kinds.get(e);
    }
    int[] colIdx = columns.stream().mapToInt(Integer::intValue).toArray();
    return new BlockRows(rowPtr, colIdx, full, bits.toArray(new @Nullable BitSet[0]));
  }

  /** Some pairs of a block, neither none nor all. */
  private BitSet some(int pairs) {
    BitSet bits = new BitSet();
    bits.set(0, pairs);
    bits.clear(below(pairs));
    for (int p = 0; p < pairs; p++) {
      if (bits.cardinality() > 1 && below(3) == 0) {
        bits.clear(p);
      }
    }
    return bits;
  }
}
