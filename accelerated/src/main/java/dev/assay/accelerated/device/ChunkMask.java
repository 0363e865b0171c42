package dev.assay.accelerated.device;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ChunkPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** A chunk plan as the block mask that means the same. */
final class ChunkMask {
  private ChunkMask() {}

  static BlockMask of(AttentionProblem problem, ChunkPlan plan) {
    int[] queryBounds = BlockMask.uniformBounds(problem.queries(), plan.size());
    int[] keyBounds = BlockMask.uniformBounds(problem.keys(), plan.size());
    List<BlockRows> maps = new ArrayList<>();
    for (List<int[]> neighbours : plan.neighbours()) {
      int[] rowPtr = new int[queryBounds.length];
      List<Integer> listed = new ArrayList<>();
      for (int chunk = 0; chunk + 1 < queryBounds.length; chunk++) {
        TreeSet<Integer> met = new TreeSet<>();
        Arrays.stream(neighbours.get(chunk)).forEach(met::add);
        if (plan.own()) {
          met.add(chunk);
        }
        // Queries may make more chunks than there are chunks of keys.
        listed.addAll(met.headSet(keyBounds.length - 1));
        rowPtr[chunk + 1] = listed.size();
      }
      maps.add(BlockRows.of(rowPtr, listed.stream().mapToInt(Integer::intValue).toArray()));
    }
    return new BlockMask(queryBounds, keyBounds, maps);
  }
}
