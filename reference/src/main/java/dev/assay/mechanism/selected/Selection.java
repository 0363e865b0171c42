package dev.assay.mechanism.selected;

import dev.assay.check.Require;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.GatherPlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which blocks of keys were chosen for each batch entry, group of heads and row of queries.
 *
 * @param rows [B, G, R]: groups of H / G query heads, rows of {@code rowSize} queries
 * @param rowSize queries that share a list
 * @param blockSize keys in a block
 * @param width entries of a list, unused ones included
 * @param lists for each row the blocks, ascending and once
 * @param margin how near the choice came to another; infinite if it was given
 */
record Selection(
    Shape rows, int rowSize, int blockSize, int width, List<int[]> lists, double margin) {

  /** Makes the list of one row. */
  interface Row {
    /** The blocks for a batch entry, group of heads and row of queries, ascending. */
    int[] of(int b, int g, int row);
  }

  /** By a rule; the margin is asked for afterwards. */
  static Selection choose(
      Shape rows, int rowSize, KeyBlocks blocks, int width, TopBlocks top, Row rule) {
    List<int[]> lists = new ArrayList<>();
    for (int p = 0; p < rows.size(); p++) {
      int[] at = rows.index(p);
      lists.add(rule.of(at[0], at[1], at[2]));
    }
    return new Selection(rows, rowSize, blocks.size(), width, lists, top.margin());
  }

  /**
   * A given choice {@code idx} [B or 1, G or 1, R, any], padded with -1.
   *
   * @throws IllegalArgumentException with one sentence, if it does not fit
   */
  static Selection given(Tensor idx, Shape rows, int rowSize, KeyBlocks blocks) {
    Shape shape = idx.shape();
    Require.argument(
        shape.rank() == 4
            && shape.broadcastsOver(rows.extent(0), rows.extent(1))
            && shape.extent(2) == rows.extent(2),
        "idx has shape %s: [%d, %d, %d, any] is needed, one list for each row of queries",
        shape,
        rows.extent(0),
        rows.extent(1),
        rows.extent(2));
    List<int[]> lists = new ArrayList<>();
    for (int p = 0; p < rows.size(); p++) {
      lists.add(list(idx, rows.index(p), blocks.count()));
    }
    return new Selection(
        rows, rowSize, blocks.size(), shape.extent(3), lists, Double.POSITIVE_INFINITY);
  }

  private static int[] list(Tensor idx, int[] row, int count) {
    double[] entries =
        IntStream.range(0, idx.shape().extent(3))
            .mapToDouble(e -> KeepMask.broadcast(idx, row[0], row[1], row[2], e))
            .filter(entry -> entry != -1)
            .sorted()
            .toArray();
    for (int e = 0; e < entries.length; e++) {
      double entry = entries[e];
      Require.argument(
          entry >= 0
              && entry < count
              && entry == Math.rint(entry)
              && (e == 0 || entry > entries[e - 1]),
          "idx lists %s in row %d: what is chosen lies in 0..%d and occurs once; -1 is none",
          entry,
          row[2],
          count - 1);
    }
    return Arrays.stream(entries).mapToInt(entry -> (int) entry).toArray();
  }

  /** The lists as a tensor [B, G, R, width], ascending and padded with -1. */
  Tensor idx() {
    Shape shape = Shape.of(rows.extent(0), rows.extent(1), rows.extent(2), width);
    return Tensor.generate(
        shape, p -> p % width < lists.get(p / width).length ? lists.get(p / width)[p % width] : -1);
  }

  /** The list that a query of a head reads. */
  int[] list(int b, int h, int i, int heads) {
    int groups = rows.extent(1);
    int row = i / rowSize;
    return lists.get((b * groups + h / (heads / groups)) * rows.extent(2) + row);
  }

  /** Whether a query of a head may meet the block of a key. */
  boolean has(int b, int h, int i, int j, int heads) {
    return Arrays.binarySearch(list(b, h, i, heads), j / blockSize) >= 0;
  }

  private boolean isByToken() {
    return rowSize == 1 && blockSize == 1;
  }

  /** One softmax over what is chosen, with the choice {@code idx} and its margin. */
  Answer attend(AttentionProblem problem, Operands operands, Softmax softmax) {
    Answer attended = softmax.attend(problem, operands, pairs(problem));
    return new Answer(attended.out(), attended.lse(), Map.of("idx", idx()), margin);
  }

  /** The chosen pairs: lists of keys where single ones were chosen, else lists of blocks. */
  Pairs pairs(AttentionProblem problem) {
    int heads = problem.heads();
    return new Pairs(
        (b, h, i, j) -> has(b, h, i, j, heads), isByToken() ? gather(problem) : block(problem));
  }

  private BlockPlan block(AttentionProblem problem) {
    int[] qBounds = BlockMask.uniformBounds(problem.queries(), rowSize);
    int[] kBounds = BlockMask.uniformBounds(problem.keys(), blockSize);
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < problem.batches() * problem.heads(); map++) {
      int[] rowPtr = new int[qBounds.length];
      List<int[]> own = new ArrayList<>();
      for (int row = 0; row + 1 < qBounds.length; row++) {
        int heads = problem.heads();
        own.add(list(map / heads, map % heads, qBounds[row], heads));
        rowPtr[row + 1] = rowPtr[row] + own.getLast().length;
      }
      maps.add(BlockRows.of(rowPtr, own.stream().flatMapToInt(Arrays::stream).toArray()));
    }
    return new BlockPlan(new BlockMask(qBounds, kBounds, maps));
  }

  private GatherPlan gather(AttentionProblem problem) {
    Shape queries = problem.lseShape();
    int[] rowPtr = new int[queries.size() + 1];
    int[][] keys = new int[queries.size()][];
    for (int p = 0; p < keys.length; p++) {
      int[] at = queries.index(p);
      int[] range = problem.keyRange(at[0], at[2]);
      int[] listed = list(at[0], at[1], at[2], problem.heads());
      keys[p] = Arrays.stream(listed).filter(j -> range[0] <= j && j < range[1]).toArray();
      rowPtr[p + 1] = rowPtr[p] + keys[p].length;
    }
    int[] all = new int[rowPtr[keys.length]];
    for (int p = 0; p < keys.length; p++) {
      System.arraycopy(keys[p], 0, all, rowPtr[p], keys[p].length);
    }
    return GatherPlan.once(rowPtr, all);
  }
}
