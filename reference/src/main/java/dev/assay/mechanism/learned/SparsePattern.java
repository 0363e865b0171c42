package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.op.Ops;
import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.Plan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A pattern that was generated for one set of inputs, over tokens or blocks.
 *
 * @param size tokens in a row and a column
 * @param hard M: 1 where a pair exists, [B, H, R, C]
 * @param soft m in (0, 1), of which M is the threshold, or null if nothing is learned through it
 * @param choices the choices that were made, by name
 * @param margin how near another choice was
 * @param reasons why a pair of tokens exists
 */
record SparsePattern(
    int size,
    Tensor hard,
    @Nullable Var soft,
    Map<String, Tensor> choices,
    double margin,
    Mechanism.Rules reasons) {

  /** Whether M holds a pair of tokens. */
  boolean holds(int b, int h, int i, int j) {
    return hard.at(b, h, i / size, j / size) != 0;
  }

  /** M over tokens, within the pairs that the problem allows. */
  Tensor tokens(AttentionProblem problem) {
    return KeepMask.of(problem, this::holds);
  }

  /** The pairs of M, and the plan that lists them. */
  Pairs pairs(AttentionProblem problem) {
    return new Pairs(this::holds, size == 1 ? lists(problem) : blocks(problem));
  }

  private Plan lists(AttentionProblem problem) {
    int width = hard.shape().extent(3);
    int rows = hard.size() / Math.max(width, 1);
    int[] rowPtr = new int[problem.lseShape().size() + 1];
    int[] keys = new int[hard.size()];
    int entries = 0;
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < width; j++) {
        if (hard.get(row * width + j) != 0) {
          keys[entries++] = j;
        }
      }
      rowPtr[row + 1] = entries;
    }
    return GatherPlan.once(rowPtr, Arrays.copyOf(keys, entries));
  }

  private Plan blocks(AttentionProblem problem) {
    return blocks(hard, size, problem.queries(), problem.keys());
  }

  /** The plan of a table [B, H, N_q, N_k] of blocks. */
  static BlockPlan blocks(Tensor table, int size, int queries, int keys) {
    Shape shape = table.shape();
    int rows = shape.extent(2);
    int columns = shape.extent(3);
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < shape.extent(0) * shape.extent(1); map++) {
      boolean[][] listed = new boolean[rows][columns];
      for (int cell = 0; cell < rows * columns; cell++) {
        listed[cell / columns][cell % columns] = table.get(map * rows * columns + cell) != 0;
      }
      maps.add(BlockRows.of(listed));
    }
    int[] qBounds = BlockMask.uniformBounds(queries, size);
    return new BlockPlan(new BlockMask(qBounds, BlockMask.uniformBounds(keys, size), maps));
  }

  /** Numbers of rows and columns for every pair of tokens, [B, H, n_q, n_k]. */
  Var spread(Var plane, AttentionProblem problem) {
    return spread(plane, size, problem);
  }

  /** Numbers of blocks for every pair of tokens, [B, H, n_q, n_k]. */
  static Var spread(Var plane, int size, AttentionProblem problem) {
    if (size == 1) {
      return plane;
    }
    int[] rows = IntStream.range(0, problem.queries()).map(i -> i / size).toArray();
    int[] columns = IntStream.range(0, problem.keys()).map(j -> j / size).toArray();
    return Ops.gather(Ops.gather(plane, 2, rows), 3, columns);
  }
}
