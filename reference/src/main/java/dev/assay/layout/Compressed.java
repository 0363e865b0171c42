package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.pattern.BlockRows;
import java.io.IOException;
import java.util.Arrays;

/**
 * Layouts in compressed rows: pointers [.., NQ + 1] into indices [.., z].
 *
 * @param pointers start of each row, and the end
 * @param indices key blocks
 */
record Compressed(IntTensor pointers, IntTensor indices) {
  /** What is done with an entry of a row; {@code entry} counts within the map. */
  @FunctionalInterface
  interface Visitor {
    void visit(int row, int entry, int block) throws FormatException;
  }

  /** Reads both, with at most so many leading axes. */
  static Compressed read(LayoutInput in, String pointers, String indices, int leading)
      throws IOException {
    Compressed both =
        new Compressed(in.integers(pointers, 1, leading + 1), in.integers(indices, 1, leading + 1));
    int[] p = both.pointers.shape().toArray();
    int[] i = both.indices.shape().toArray();
    if (!Arrays.equals(Arrays.copyOf(p, p.length - 1), Arrays.copyOf(i, i.length - 1))
        || p[p.length - 1] == 0
        || both.pointers.leading(1) == 0) {
      throw in.fault(
          pointers,
          "has shape %s and %s %s: equal leading axes and NQ + 1 pointers are needed"
              .formatted(both.pointers.shape(), indices, both.indices.shape()));
    }
    return both;
  }

  int maps() {
    return pointers.leading(1);
  }

  int rows() {
    return pointers.extent(-1) - 1;
  }

  int room() {
    return indices.extent(-1);
  }

  /** Walks the rows of a map; what lies behind the last pointer is not looked at. */
  void walk(LayoutInput in, int map, Visitor visitor) throws FormatException {
    int first = map * (rows() + 1);
    if (pointers.get(first) != 0) {
      throw in.fault(
          pointers.name(),
          "map %d begins with %d: 0 is needed".formatted(map, pointers.get(first)));
    }
    for (int row = 0; row < rows(); row++) {
      int from = pointers.get(first + row);
      int to = pointers.get(first + row + 1);
      if (to < from || to > room()) {
        throw in.fault(
            pointers.name(),
            "map %d goes from %d to %d at row %d: it must not fall nor pass the %d entries of %s"
                .formatted(map, from, to, row, room(), indices.name()));
      }
      for (int entry = from; entry < to; entry++) {
        visitor.visit(row, entry, indices.get(map * room() + entry));
      }
    }
  }

  /** The end of a map's last row: how many entries it uses. */
  int used(int map) {
    return pointers.get(map * (rows() + 1) + rows());
  }

  /** Refuses entries that no row reaches, where a layout has none. */
  void refuseUnused(LayoutInput in) throws FormatException {
    for (int map = 0; map < maps(); map++) {
      if (used(map) != room()) {
        throw in.fault(
            pointers.name(),
            "map %d ends with %d, but %s has %d entries"
                .formatted(map, used(map), indices.name(), room()));
      }
    }
  }

  /** Writes both with so many leading axes; shorter maps are padded with -1. */
  static void write(
      BlockMaps maps, LayoutOutput out, String pointers, String indices, int leading) {
    int rows = maps.queryBlocks() + 1;
    int room = room(maps);
    int[] starts = new int[maps.count() * rows];
    int[] blocks = new int[maps.count() * room];
    Arrays.fill(blocks, PaddedLists.FILLER);
    for (int map = 0; map < maps.count(); map++) {
      BlockRows one = maps.rows(map);
      System.arraycopy(one.rowPtr(), 0, starts, map * rows, rows);
      System.arraycopy(one.colIdx(), 0, blocks, map * room, one.entries());
    }
    out.put(pointers, Tables.shape(maps, leading, rows), starts);
    out.put(indices, Tables.shape(maps, leading, room), blocks);
  }

  /** Entries of the map that has most. */
  static int room(BlockMaps maps) {
    int room = 0;
    for (int map = 0; map < maps.count(); map++) {
      room = Math.max(room, maps.rows(map).entries());
    }
    return room;
  }
}
