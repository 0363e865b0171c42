package dev.assay.mechanism;

import dev.assay.check.Require;
import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads which blocks exist from the tensors of {@link BlockSparse}: a table of 0 and 1, or lists in
 * compressed rows, for all heads, for each head, or for each batch entry and head.
 */
final class BlockLists {
  private BlockLists() {}

  static BlockMask read(Inputs inputs, AttentionProblem problem, int blockQ, int blockK) {
    int[] qBounds = bounds(inputs, "q_bounds", problem.queries(), blockQ);
    int[] kBounds = bounds(inputs, "k_bounds", problem.keys(), blockK);
    Tensor table = inputs.value("block_mask");
    boolean listed = inputs.has("row_ptr") && inputs.has("col_idx");
    Require.argument(
        listed != (table != null) && inputs.has("row_ptr") == inputs.has("col_idx"),
        "the blocks come as block_mask, or as row_ptr with col_idx: give one of the two");
    List<BlockRows> maps =
        table != null
            ? fromTable(table, qBounds.length - 1, kBounds.length - 1)
            : fromLists(inputs, qBounds.length - 1);
    return new BlockMask(qBounds, kBounds, maps);
  }

  private static int[] bounds(Inputs inputs, String name, int tokens, int size) {
    int[] given = inputs.integers(name);
    if (given == null) {
      return BlockMask.uniformBounds(tokens, size);
    }
    Require.argument(
        given.length > 0 && given[given.length - 1] == tokens,
        "%s is %s: it must run from 0 to %d, the number of tokens",
        name,
        Arrays.toString(given),
        tokens);
    return given;
  }

  private static List<BlockRows> fromTable(Tensor table, int rows, int columns) {
    Shape shape = table.shape();
    Require.argument(
        shape.rank() >= 2
            && shape.rank() <= 4
            && shape.extent(-2) == rows
            && shape.extent(-1) == columns,
        "block_mask has shape %s: [%d, %d] blocks are needed, for each head if it has rank 3,"
            + " for each batch entry and head if it has rank 4",
        shape,
        rows,
        columns);
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < leading(shape, 2); map++) {
      boolean[][] listed = new boolean[rows][columns];
      for (int cell = 0; cell < rows * columns; cell++) {
        listed[cell / columns][cell % columns] = table.get(map * rows * columns + cell) != 0;
      }
      maps.add(BlockRows.of(listed));
    }
    return maps;
  }

  private static List<BlockRows> fromLists(Inputs inputs, int rows) {
    Shape ptrShape = inputs.var("row_ptr").shape();
    Shape colShape = inputs.var("col_idx").shape();
    int[] rowPtr = integers(inputs, "row_ptr");
    int[] colIdx = integers(inputs, "col_idx");
    int maps = leading(ptrShape, 1);
    Require.argument(
        ptrShape.rank() >= 1
            && ptrShape.rank() <= 3
            && ptrShape.extent(-1) == rows + 1
            && colShape.rank() == ptrShape.rank()
            && leading(colShape, 1) == maps,
        "row_ptr has shape %s and col_idx %s: row_ptr needs %d entries, one more than there are"
            + " blocks of queries, and col_idx the same leading extents",
        ptrShape,
        colShape,
        rows + 1);
    int width = colShape.extent(-1);
    List<BlockRows> lists = new ArrayList<>();
    for (int map = 0; map < maps; map++) {
      int[] starts = Arrays.copyOfRange(rowPtr, map * (rows + 1), (map + 1) * (rows + 1));
      int entries = starts[rows];
      Require.argument(
          entries >= 0 && entries <= width,
          "row_ptr ends with %d, but col_idx has room for %d blocks",
          entries,
          width);
      int[] columns = Arrays.copyOfRange(colIdx, map * width, (map + 1) * width);
      for (int e = entries; e < width; e++) {
        Require.argument(
            columns[e] == -1,
            "col_idx holds block %d behind the %d that row_ptr counts: pad with -1",
            columns[e],
            entries);
      }
      lists.add(BlockRows.of(starts, Arrays.copyOf(columns, entries)));
    }
    return lists;
  }

  private static int[] integers(Inputs inputs, String name) {
    int @Nullable [] numbers = inputs.integers(name);
    return Objects.requireNonNull(numbers);
  }

  /** Product of all extents but the last {@code own}: how many maps a tensor holds. */
  private static int leading(Shape shape, int own) {
    int maps = 1;
    for (int axis = 0; axis < shape.rank() - own; axis++) {
      maps *= shape.extent(axis);
    }
    return maps;
  }
}
