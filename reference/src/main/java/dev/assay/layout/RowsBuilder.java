package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.pattern.BlockRows;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects the blocks of one map from the lists of a file, and checks each as it comes. */
final class RowsBuilder {
  /** In which order a layout lists the blocks of a row. */
  enum Order {
    ANY,
    ASCENDING,
    DESCENDING
  }

  private record Entry(boolean full, @Nullable BitSet bits) {}

  private final LayoutInput in;
  private final int map;
  private final int columns;
  private final Order order;
  private final List<TreeMap<Integer, Entry>> rows = new ArrayList<>();

  RowsBuilder(LayoutInput in, int map, int rows, int columns, Order order) {
    this.in = in;
    this.map = map;
    this.columns = columns;
    this.order = order;
    for (int row = 0; row < rows; row++) {
      this.rows.add(new TreeMap<>());
    }
  }

  void add(String tensor, int row, int column) throws FormatException {
    add(tensor, row, column, false, null);
  }

  void add(String tensor, int row, int column, boolean full, @Nullable BitSet bits)
      throws FormatException {
    if (column < 0 || column >= columns) {
      throw fault(tensor, row, column, "blocks of keys lie in 0..%d".formatted(columns - 1));
    }
    TreeMap<Integer, Entry> here = rows.get(row);
    if (here.containsKey(column)) {
      throw fault(tensor, row, column, "a second time, which would double its weight");
    }
    if (order == Order.ASCENDING && !here.isEmpty() && column < here.lastKey()) {
      throw fault(tensor, row, column, "after " + here.lastKey() + ", but they must ascend");
    }
    if (order == Order.DESCENDING && !here.isEmpty() && column > here.firstKey()) {
      throw fault(tensor, row, column, "after " + here.firstKey() + ", but they must descend");
    }
    here.put(column, new Entry(full, bits));
  }

  private FormatException fault(String tensor, int row, int column, String rule) {
    return in.fault(tensor, "map %d, row %d lists block %d: %s".formatted(map, row, column, rule));
  }

  /** Leaves out blocks whose bits allow no pair. */
  RowsBuilder withoutEmpty() {
    for (TreeMap<Integer, Entry> row : rows) {
      row.values().removeIf(entry -> entry.bits() != null && entry.bits().isEmpty());
    }
    return this;
  }

  BlockRows build() {
    int[] rowPtr = new int[rows.size() + 1];
    for (int row = 0; row < rows.size(); row++) {
      rowPtr[row + 1] = rowPtr[row] + rows.get(row).size();
    }
    int entries = rowPtr[rows.size()];
    int[] colIdx = new int[entries];
    boolean[] full = new boolean[entries];
    @Nullable BitSet[] bits = new @Nullable BitSet[entries];
    boolean any = false;
    int e = 0;
    for (TreeMap<Integer, Entry> row : rows) {
      for (Map.Entry<Integer, Entry> block : row.entrySet()) {
        colIdx[e] = block.getKey();
        full[e] = block.getValue().full();
        bits[e] = block.getValue().bits();
        any |= bits[e] != null;
        e++;
      }
    }
    return new BlockRows(rowPtr, colIdx, full, any ? bits : null);
  }
}
