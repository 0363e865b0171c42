package dev.assay.mechanism.chunked;

import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.ChunkPlan;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which chunks meet which.
 *
 * @param size tokens in a chunk
 * @param heads query heads
 * @param maps for each map (one, or one for each batch entry and head), for each chunk: its
 *     neighbours, ascending
 * @param choices the choice that was made, by name; empty if there was none
 * @param margin how near the choice came to another
 */
record ChunkMeetings(
    int size, int heads, List<List<int[]>> maps, Map<String, Tensor> choices, double margin) {

  /**
   * Neighbours by distance. In both directions candidates are i-1, i+1, i-2, i+2, ...; the first t
   * are taken, or with {@code eachSide} 2 t; causal candidates are i-1, i-2, ...; the first t are
   * taken. What does not exist is dropped and not replaced.
   *
   * @param whole chunks that take part; later ones have no neighbours and are none
   */
  static ChunkMeetings near(
      AttentionProblem problem, int size, int whole, int t, boolean eachSide) {
    int chunks = (problem.queries() + size - 1) / size;
    boolean causal = problem.causal();
    // From 2 * chunks on every candidate is out of range.
    long taken = Math.min(eachSide && !causal ? 2L * t : t, 2L * chunks);
    List<int[]> lists = new ArrayList<>();
    for (int chunk = 0; chunk < chunks; chunk++) {
      TreeSet<Integer> near = new TreeSet<>();
      for (int c = 0; c < taken && chunk < whole; c++) {
        int candidate = candidate(chunk, c, causal);
        if (candidate >= 0 && candidate < whole) {
          near.add(candidate);
        }
      }
      lists.add(near.stream().mapToInt(Integer::intValue).toArray());
    }
    return new ChunkMeetings(
        size, problem.heads(), List.of(lists), Map.of(), Double.POSITIVE_INFINITY);
  }

  private static int candidate(int chunk, int c, boolean causal) {
    int distance = causal ? c + 1 : c / 2 + 1;
    return causal || c % 2 == 0 ? chunk - distance : chunk + distance;
  }

  /** The pairs within chunks, between neighbours, or both. */
  Pairs pairs(boolean own, boolean cross) {
    List<List<int[]>> met =
        cross ? maps : List.of(Collections.nCopies(maps.getFirst().size(), new int[0]));
    return new Pairs(
        (b, h, i, j) -> {
          int chunk = i / size;
          return chunk == j / size ? own : cross && neighbour(b, h, chunk, j / size);
        },
        new ChunkPlan(size, own, met));
  }

  /** Whether a chunk of queries lists a chunk of keys as its neighbour. */
  boolean neighbour(int b, int h, int chunk, int other) {
    List<int[]> map = maps.get(maps.size() == 1 ? 0 : b * heads + h);
    for (int listed : map.get(chunk)) {
      if (listed == other) {
        return true;
      }
    }
    return false;
  }
}
