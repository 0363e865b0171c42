package dev.assay.mechanism.fixed;

import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads which blocks exist from the tensors of {@link BlockSparse}: a table of 0 and 1, or lists in
 * compressed rows, for all heads, for each head, or for each batch entry and head. Axes are
 * compared one by one: [H, B] or [B * H] in front would have the right number of maps and the wrong
 * ones.
 */
final class BlockLists {
  private BlockLists() {}

  static BlockMask read(Inputs inputs, AttentionProblem problem, int blockQ, int blockK) {
    int[] qBounds = bounds(inputs, "q_bounds", problem.queries(), blockQ);
    int[] kBounds = bounds(inputs, "k_bounds", problem.keys(), blockK);
    Tensor table = inputs.truths("block_mask");
    boolean listed = inputs.has("row_ptr") && inputs.has("col_idx");
    Require.argument(
        listed != (table != null) && inputs.has("row_ptr") == inputs.has("col_idx"),
        "the blocks come as block_mask, or as row_ptr with col_idx: give one of the two");
    List<BlockRows> maps =
        table != null
            ? fromTable(table, problem, qBounds.length - 1, kBounds.length - 1)
            : fromLists(inputs, problem, qBounds.length - 1);
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

  private static List<BlockRows> fromTable(
      Tensor table, AttentionProblem problem, int rows, int columns) {
    Shape shape = table.shape();
    Require.argument(
        leads(shape, 2, problem) && shape.extent(-2) == rows && shape.extent(-1) == columns,
        "block_mask has shape %s: [%d, %d] blocks are needed, %s",
        shape,
        rows,
        columns,
        leadingRule(problem));
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < leading(shape, 2); map++) {
      boolean[][] listed = new boolean[rows][columns];
      for (int cell = 0; cell < rows * columns; cell++) {
        listed[cell / columns][cell % columns] = table.get(map * rows * columns + cell) != 0;
      }
      maps.add(BlockRows.of(listed));
    }
    return forHeads(maps, shape, 2, problem);
  }

  private static List<BlockRows> fromLists(Inputs inputs, AttentionProblem problem, int rows) {
    Shape ptrShape = inputs.var("row_ptr").shape();
    Shape colShape = inputs.var("col_idx").shape();
    int[] rowPtr = integers(inputs, "row_ptr");
    int[] colIdx = integers(inputs, "col_idx");
    Require.argument(
        leads(ptrShape, 1, problem)
            && ptrShape.extent(-1) == rows + 1
            && colShape.rank() == ptrShape.rank()
            && colShape.with(-1, 0).equals(ptrShape.with(-1, 0)),
        "row_ptr has shape %s and col_idx %s: row_ptr needs %d entries, one more than there are"
            + " blocks of queries, %s, and col_idx the same leading extents",
        ptrShape,
        colShape,
        rows + 1,
        leadingRule(problem));
    int maps = leading(ptrShape, 1);
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
    return forHeads(lists, ptrShape, 1, problem);
  }

  private static int[] integers(Inputs inputs, String name) {
    int @Nullable [] numbers = inputs.integers(name);
    return Objects.requireNonNull(numbers);
  }

  /** Whether the axes before the last {@code own} are none, [H] or [B, H], or 1 instead. */
  private static boolean leads(Shape shape, int own, AttentionProblem problem) {
    int axes = shape.rank() - own;
    return axes >= 0
        && axes <= 2
        && (axes < 1 || stands(shape.extent(axes - 1), problem.heads()))
        && (axes < 2 || stands(shape.extent(0), problem.batches()));
  }

  private static boolean stands(int extent, int all) {
    return extent == all || extent == 1;
  }

  private static String leadingRule(AttentionProblem problem) {
    return "behind no other axis, [H] or [B, H] for %d batch entries and %d heads, 1 for all"
        .formatted(problem.batches(), problem.heads());
  }

  /** One map, one for each head, or one for each batch entry and head, as a block mask has them. */
  private static List<BlockRows> forHeads(
      List<BlockRows> maps, Shape shape, int own, AttentionProblem problem) {
    boolean byEntry = shape.rank() - own == 2 && shape.extent(0) != 1;
    if (!byEntry || shape.extent(1) == problem.heads()) {
      return maps;
    }
    return maps.stream()
        .flatMap(map -> Collections.nCopies(problem.heads(), map).stream())
        .toList();
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
