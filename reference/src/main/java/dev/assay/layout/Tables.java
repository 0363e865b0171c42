package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.pattern.BlockRows;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Layouts that have a 0 or a 1 for every block. */
final class Tables {
  private Tables() {}

  /** A table [.., NQ, NK] over blocks whose bounds are known. */
  static BlockMaps read(LayoutInput in, IntTensor table, int[] qBounds, int[] kBounds)
      throws FormatException {
    int queryBlocks = table.extent(-2);
    int keyBlocks = table.extent(-1);
    if (qBounds.length - 1 != queryBlocks || kBounds.length - 1 != keyBlocks) {
      throw in.fault(
          table.name(),
          "has shape %s: [%d, %d] blocks are needed"
              .formatted(table.shape(), qBounds.length - 1, kBounds.length - 1));
    }
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < table.leading(2); map++) {
      boolean[][] listed = new boolean[queryBlocks][keyBlocks];
      int from = map * queryBlocks * keyBlocks;
      for (int cell = 0; cell < queryBlocks * keyBlocks; cell++) {
        listed[cell / keyBlocks][cell % keyBlocks] = table.get(from + cell) != 0;
      }
      maps.add(BlockRows.of(listed));
    }
    if (maps.isEmpty()) {
      throw in.fault(table.name(), "has shape " + table.shape() + ": it holds no map");
    }
    return BlockMaps.of(qBounds, kBounds, maps, table.batch(2), table.heads(2));
  }

  /** A table [.., NQ, NK] over blocks of equal sizes. */
  static BlockMaps read(LayoutInput in, IntTensor table, OptionalInt blockQ, OptionalInt blockK)
      throws IOException {
    OptionalInt unknown = OptionalInt.empty();
    return read(
        in,
        table,
        in.bounds(Axis.QUERIES, table.extent(-2), blockQ, unknown),
        in.bounds(Axis.KEYS, table.extent(-1), blockK, unknown));
  }

  /** Writes [.., NQ, NK] with the given number of leading axes: 2 for [B, H], 1 for [H]. */
  static void write(BlockMaps maps, LayoutOutput out, String name, int leading) {
    out.put(name, shape(maps, leading, maps.queryBlocks(), maps.keyBlocks()), cells(maps));
  }

  /** 1 for every listed block, map by map, row by row. */
  static int[] cells(BlockMaps maps) {
    int perMap = maps.queryBlocks() * maps.keyBlocks();
    int[] cells = new int[maps.count() * perMap];
    for (int map = 0; map < maps.count(); map++) {
      BlockRows rows = maps.rows(map);
      for (int row = 0; row < maps.queryBlocks(); row++) {
        for (int e = rows.rowPtr()[row]; e < rows.rowPtr()[row + 1]; e++) {
          cells[map * perMap + row * maps.keyBlocks() + rows.colIdx()[e]] = 1;
        }
      }
    }
    return cells;
  }

  /** [B, H, own...], [H, own...] or [own...]. */
  static Shape shape(BlockMaps maps, int leading, int... own) {
    int[] extents = new int[leading + own.length];
    if (leading == 2) {
      extents[0] = maps.batch();
    }
    if (leading >= 1) {
      extents[leading - 1] = maps.heads();
    }
    System.arraycopy(own, 0, extents, leading, own.length);
    return Shape.of(extents);
  }

  /** As many leading axes as the maps need. */
  static int leading(BlockMaps maps) {
    if (maps.batch() > 1) {
      return 2;
    }
    return maps.heads() > 1 ? 1 : 0;
  }
}
