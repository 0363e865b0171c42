package dev.assay.layout;

import dev.assay.pattern.BlockRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lists of query blocks by key block that FlexAttention keeps for its backward pass. */
final class Transposes {
  private Transposes() {}

  /**
   * Checks that the lists by key block, where a file has them, name the same blocks as those by
   * query block: lists of an earlier, longer mask give wrong gradients in silence.
   */
  static void check(LayoutInput in, BlockMaps maps, boolean full, String counts, String blocks)
      throws IOException {
    @Nullable CountedLists turned = CountedLists.optional(in, counts, blocks, 2);
    if (turned == null) {
      return;
    }
    PaddedLists lists = turned.lists();
    if (lists.rows() != maps.keyBlocks() || lists.blocks().leading(2) != maps.count()) {
      throw in.fault(
          blocks,
          "has shape %s, but there are %d maps of %d blocks of keys"
              .formatted(lists.blocks().shape(), maps.count(), maps.keyBlocks()));
    }
    for (int map = 0; map < maps.count(); map++) {
      BlockRows columns = maps.columns(map);
      for (int key = 0; key < maps.keyBlocks(); key++) {
        int list = map * maps.keyBlocks() + key;
        int from = list * lists.room();
        int[] has = Arrays.copyOfRange(lists.blocks().values(), from, from + lists.used(in, list));
        Arrays.sort(has);
        if (!Arrays.equals(has, listed(columns, key, full))) {
          throw in.fault(
              blocks,
              "map %d, key block %d lists %s, but the lists of keys make it %s: rebuild it"
                  .formatted(
                      map, key, Arrays.toString(has), Arrays.toString(listed(columns, key, full))));
        }
      }
    }
  }

  private static int[] listed(BlockRows columns, int key, boolean full) {
    List<Integer> rows = new ArrayList<>();
    for (int e = columns.rowPtr()[key]; e < columns.rowPtr()[key + 1]; e++) {
      if (columns.full()[e] == full) {
        rows.add(columns.colIdx()[e]);
      }
    }
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Writes the lists by key block. */
  static void write(BlockMaps maps, LayoutOutput out, boolean full, String counts, String blocks) {
    List<BlockRows> columns = new ArrayList<>();
    for (int map = 0; map < maps.count(); map++) {
      columns.add(maps.columns(map));
    }
    CountedLists.write(maps, columns, maps.queryBlocks(), full, out, counts, blocks);
  }
}
