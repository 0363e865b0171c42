package dev.assay.accelerated.simd;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ChunkPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A chunk plan as the block mask that means the same. */
final class ChunkBlocks {
  private final boolean own;
  private final int keyChunks;
  private int[] listed = new int[16];
  private int count;

  private ChunkBlocks(boolean own, int keyChunks) {
    this.own = own;
    this.keyChunks = keyChunks;
  }

  static BlockMask of(AttentionProblem problem, ChunkPlan plan) {
    int[] queryBounds = BlockMask.uniformBounds(problem.queries(), plan.size());
    int[] keyBounds = BlockMask.uniformBounds(problem.keys(), plan.size());
    List<BlockRows> maps = new ArrayList<>();
    for (List<int[]> neighbours : plan.neighbours()) {
      ChunkBlocks blocks = new ChunkBlocks(plan.own(), keyBounds.length - 1);
      maps.add(blocks.rows(neighbours, queryBounds.length - 1));
    }
    return new BlockMask(queryBounds, keyBounds, maps);
  }

  private BlockRows rows(List<int[]> neighbours, int queryChunks) {
    int[] rowPtr = new int[queryChunks + 1];
    for (int chunk = 0; chunk < queryChunks; chunk++) {
      boolean pending = own;
      for (int neighbour : neighbours.get(chunk)) {
        if (pending && neighbour > chunk) {
          add(chunk);
          pending = false;
        }
        add(neighbour);
      }
      if (pending) {
        add(chunk);
      }
      rowPtr[chunk + 1] = count;
    }
    return BlockRows.of(rowPtr, Arrays.copyOf(listed, count));
  }

  private void add(int chunk) {
    // Queries may make more chunks than there are chunks of keys.
    if (chunk < keyChunks) {
      if (count == listed.length) {
        listed = Arrays.copyOf(listed, 2 * count);
      }
      listed[count++] = chunk;
    }
  }
}
