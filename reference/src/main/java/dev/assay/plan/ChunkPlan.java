package dev.assay.plan;

import dev.assay.check.Require;
import java.util.List;

/**
 * Queries and keys are cut into chunks of one size, the last ragged; a query meets its own chunk,
 * if {@code own}, and the neighbours listed for that chunk, as far as the problem allows them.
 *
 * @param size tokens in a chunk, at least 1
 * @param own whether a chunk meets itself
 * @param neighbours for each map, for each query chunk: the key chunks it meets besides, ascending,
 *     without its own; there is one map for all heads, one for each head, or one for each (batch,
 *     head) at b * heads + h
 */
public record ChunkPlan(int size, boolean own, List<List<int[]>> neighbours) implements Plan {
  /** Copies the lists and checks size and order. */
  public ChunkPlan {
    Require.positive(size, "chunk size");
    neighbours = neighbours.stream().map(map -> map.stream().map(int[]::clone).toList()).toList();
    Require.argument(!neighbours.isEmpty(), "a chunk plan needs at least one map of neighbours");
    for (List<int[]> map : neighbours) {
      for (int chunk = 0; chunk < map.size(); chunk++) {
        int before = -1;
        for (int neighbour : map.get(chunk)) {
          Require.argument(
              neighbour > before && neighbour < map.size() && neighbour != chunk,
              "chunk %d lists neighbour %d: neighbours ascend, exist and are not the chunk itself",
              chunk,
              neighbour);
          before = neighbour;
        }
      }
    }
  }

  /** The neighbours of a query chunk for a batch entry and head. */
  public int[] neighbours(int b, int h, int heads, int chunk) {
    int maps = neighbours.size();
    int map = maps == 1 ? 0 : maps == heads ? h : b * heads + h;
    return neighbours.get(map).get(chunk);
  }

  @Override
  public String kind() {
    return "chunk";
  }
}
