package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.pattern.BlockRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A count and a list of blocks for every row, in the way of FlexAttention: the counted entries come
 * first in any order, and what stands behind them is undefined.
 *
 * @param lists the lists with their counts
 */
record CountedLists(PaddedLists lists) {
  /** Reads lists with at most so many leading axes; both tensors must be there. */
  static CountedLists read(LayoutInput in, String counts, String blocks, int leading)
      throws IOException {
    in.integers(counts, 1, leading + 1);
    return new CountedLists(PaddedLists.read(in, blocks, counts, 2, leading + 2));
  }

  /** The same, or null if the file has neither; one of the two alone is refused. */
  static @Nullable CountedLists optional(LayoutInput in, String counts, String blocks, int leading)
      throws IOException {
    return in.has(counts) || in.has(blocks) ? read(in, counts, blocks, leading) : null;
  }

  /** The maps that list these blocks as PARTIAL, and those as FULL. */
  static BlockMaps maps(
      LayoutInput in,
      CountedLists partial,
      @Nullable CountedLists full,
      int[] qBounds,
      int[] kBounds)
      throws FormatException {
    IntTensor first = partial.lists.blocks();
    IntTensor second = full == null ? first : full.lists.blocks();
    if (second.leading(2) != first.leading(2) || second.extent(-2) != first.extent(-2)) {
      throw in.fault(
          second.name(),
          "has shape %s, but %s %s".formatted(second.shape(), first.name(), first.shape()));
    }
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < first.leading(2); map++) {
      RowsBuilder rows =
          new RowsBuilder(in, map, partial.lists.rows(), kBounds.length - 1, RowsBuilder.Order.ANY);
      partial.lists.into(rows, in, map, false, PaddedLists.FILLER);
      if (full != null) {
        full.lists.into(rows, in, map, true, PaddedLists.FILLER);
      }
      maps.add(rows.build());
    }
    if (maps.isEmpty()) {
      throw in.fault(first.name(), "has shape " + first.shape() + ": it holds no map");
    }
    return BlockMaps.of(qBounds, kBounds, maps, first.batch(2), first.heads(2));
  }

  /** Writes the PARTIAL or the FULL blocks of every row. */
  static void write(BlockMaps maps, LayoutOutput out, boolean full, String counts, String blocks) {
    List<BlockRows> rows = new ArrayList<>();
    for (int map = 0; map < maps.count(); map++) {
      rows.add(maps.rows(map));
    }
    write(maps, rows, maps.keyBlocks(), full, out, counts, blocks);
  }

  /**
   * Writes rows as a stable sort of the table would: listed blocks ascending, then all others
   * ascending, so that the undefined part is what the source project has there.
   */
  static void write(
      BlockMaps maps,
      List<BlockRows> all,
      int columns,
      boolean full,
      LayoutOutput out,
      String counts,
      String blocks) {
    int rows = all.getFirst().rowPtr().length - 1;
    int[] used = new int[all.size() * rows];
    int[] lists = new int[used.length * columns];
    for (int list = 0; list < used.length; list++) {
      BlockRows map = all.get(list / rows);
      boolean[] listed = new boolean[columns];
      for (int e = map.rowPtr()[list % rows]; e < map.rowPtr()[list % rows + 1]; e++) {
        listed[map.colIdx()[e]] = map.full()[e] == full;
      }
      int at = list * columns;
      for (int column = 0; column < columns; column++) {
        if (listed[column]) {
          used[list]++;
          lists[at++] = column;
        }
      }
      for (int column = 0; column < columns; column++) {
        if (!listed[column]) {
          lists[at++] = column;
        }
      }
    }
    out.put(counts, Tables.shape(maps, 2, rows), used);
    out.put(blocks, Tables.shape(maps, 2, rows, columns), lists);
  }
}
