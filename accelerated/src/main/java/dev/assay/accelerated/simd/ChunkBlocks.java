package dev.assay.accelerated.simd;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ChunkPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** A chunk plan as the block mask that means the same. */
final class ChunkBlocks {
  private ChunkBlocks() {}

  static BlockMask of(AttentionProblem problem, ChunkPlan plan) {
    int[] queryBounds = BlockMask.uniformBounds(problem.queries(), plan.size());
    int[] keyBounds = BlockMask.uniformBounds(problem.keys(), plan.size());
    List<BlockRows> maps = new ArrayList<>();
    for (List<int[]> neighbours : plan.neighbours()) {
      maps.add(rows(plan.own(), neighbours, queryBounds.length - 1, keyBounds.length - 1));
    }
    return new BlockMask(queryBounds, keyBounds, maps);
  }

  private static BlockRows rows(
      boolean own, List<int[]> neighbours, int queryChunks, int keyChunks) {
    int[] rowPtr = new int[queryChunks + 1];
    List<Integer> listed = new ArrayList<>();
    for (int chunk = 0; chunk < queryChunks; chunk++) {
      TreeSet<Integer> met = new TreeSet<>();
      Arrays.stream(neighbours.get(chunk)).forEach(met::add);
      if (own) {
        met.add(chunk);
      }
      // Queries may make more chunks than there are chunks of keys.
      listed.addAll(met.headSet(keyChunks));
      rowPtr[chunk + 1] = listed.size();
    }
    return BlockRows.of(rowPtr, listed.stream().mapToInt(Integer::intValue).toArray());
  }
}
