package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.pattern.BlockRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layouts that list the blocks of every row in room for the longest: with a count for each row,
 * behind which anything may stand, or with a filler that is no block.
 *
 * @param blocks the lists, [.., rows, room]
 * @param counts how many entries of each list are used, [.., rows]; null if fillers tell
 */
record PaddedLists(IntTensor blocks, @Nullable IntTensor counts) {
  static final int FILLER = -1;

  /** Reads lists, and counts if they have a name that the file knows. */
  static PaddedLists read(
      LayoutInput in, String blocks, @Nullable String counts, int axes, int most)
      throws IOException {
    IntTensor lists = in.integers(blocks, axes, most);
    if (counts == null || !in.has(counts)) {
      return new PaddedLists(lists, null);
    }
    IntTensor used = in.integers(counts, axes - 1, most - 1);
    int[] wanted = lists.shape().toArray();
    if (!Arrays.equals(used.shape().toArray(), Arrays.copyOf(wanted, wanted.length - 1))) {
      throw in.fault(
          counts, "has shape %s, but %s %s".formatted(used.shape(), blocks, lists.shape()));
    }
    return new PaddedLists(lists, used);
  }

  int rows() {
    return blocks.extent(-2);
  }

  int room() {
    return blocks.extent(-1);
  }

  /** How many entries of a list are looked at. */
  int used(LayoutInput in, int list) throws FormatException {
    if (counts == null) {
      return room();
    }
    int count = counts.get(list);
    if (count < 0 || count > room()) {
      throw in.fault(
          counts.name(),
          "says that list %d has %d blocks, but %s has room for 0..%d"
              .formatted(list, count, blocks.name(), room()));
    }
    return count;
  }

  /**
   * Puts the lists of a map into its rows.
   *
   * @param beyond a number that pads as well as -1 does, or -1
   */
  void into(RowsBuilder rows, LayoutInput in, int map, boolean full, int beyond)
      throws FormatException {
    for (int row = 0; row < rows(); row++) {
      int list = map * rows() + row;
      int used = used(in, list);
      for (int e = 0; e < used; e++) {
        int block = blocks.get(list * room() + e);
        // With a count, a filler among the counted entries is a fault that the rows will name.
        if (counts != null || (block != FILLER && block != beyond)) {
          rows.add(blocks.name(), row, block, full, null);
        }
      }
    }
  }

  /** The maps of lists with leading axes; all blocks PARTIAL. */
  BlockMaps maps(LayoutInput in, int[] qBounds, int[] kBounds, RowsBuilder.Order order, int beyond)
      throws FormatException {
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < blocks.leading(2); map++) {
      RowsBuilder rows = new RowsBuilder(in, map, rows(), kBounds.length - 1, order);
      into(rows, in, map, false, beyond);
      maps.add(rows.build());
    }
    if (maps.isEmpty()) {
      throw in.fault(blocks.name(), "has shape " + blocks.shape() + ": it holds no map");
    }
    return BlockMaps.of(qBounds, kBounds, maps, blocks.batch(2), blocks.heads(2));
  }

  /** The blocks of all rows of all maps in room for so many, padded. */
  static int[] fill(BlockMaps maps, int room, boolean descending) {
    int[] lists = new int[maps.count() * maps.queryBlocks() * room];
    Arrays.fill(lists, FILLER);
    for (int map = 0; map < maps.count(); map++) {
      BlockRows rows = maps.rows(map);
      for (int row = 0; row < maps.queryBlocks(); row++) {
        int from = rows.rowPtr()[row];
        int count = rows.rowPtr()[row + 1] - from;
        for (int e = 0; e < count; e++) {
          int at = (map * maps.queryBlocks() + row) * room + e;
          lists[at] = rows.colIdx()[descending ? from + count - 1 - e : from + e];
        }
      }
    }
    return lists;
  }

  /** How many blocks each row of each map lists. */
  static int[] counts(BlockMaps maps) {
    int[] counts = new int[maps.count() * maps.queryBlocks()];
    for (int list = 0; list < counts.length; list++) {
      int[] starts = maps.rows(list / maps.queryBlocks()).rowPtr();
      int row = list % maps.queryBlocks();
      counts[list] = starts[row + 1] - starts[row];
    }
    return counts;
  }
}
