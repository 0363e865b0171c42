package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TileTaskTest {
  private static final Draw DRAW = new Draw(26);
  private static final int HEADS = 2;

  /** 9 tiles of each of 2 heads: 18 in all, so that one thread gets 4 at once and three get 1. */
  @ParameterizedTest
  @CsvSource({"1, 4, 3", "2, 2, 5", "3, 1, 9"})
  void neighbours_of_a_head_go_together_and_the_costliest_first(
      int threads, int together, int ofHead) {
    List<List<TileTask>> tasks = tasks(HEADS, threads);
    assertEquals(HEADS * ofHead, tasks.size());
    Set<List<Integer>> seen = new HashSet<>();
    int before = Integer.MAX_VALUE;
    for (List<TileTask> task : tasks) {
      assertTrue(task.size() <= together);
      int cost = cost(task);
      assertTrue(cost <= before);
      before = cost;
      for (int i = 0; i < task.size(); i++) {
        assertEquals(task.getFirst().head(), task.get(i).head());
        assertEquals(task.getFirst().tile() + i, task.get(i).tile());
        assertTrue(seen.add(List.of(task.get(i).head(), task.get(i).tile())));
      }
    }
    assertEquals(9 * HEADS, seen.size());
  }

  /** 3 tasks a head: two heads are on at once for one thread, four for three, and what is left. */
  @ParameterizedTest
  @CsvSource({"1, 4, 2", "1, 5, 2", "3, 8, 4", "3, 11, 4"})
  void no_more_heads_are_on_at_once_than_keep_the_threads_busy(int threads, int heads, int first) {
    List<List<TileTask>> tasks = tasks(heads, threads);
    assertEquals(3 * heads, tasks.size());
    assertEquals(first, headsOf(tasks.subList(0, 3 * first)).size());
    // The rest is one group more, not two with a small one at the end: its costs never rise again.
    List<List<TileTask>> rest = tasks.subList(3 * first, tasks.size());
    assertEquals(heads - first, headsOf(rest).size());
    assertTrue(cost(rest.getFirst()) > cost(tasks.get(3 * first - 1)));
    for (int i = 1; i < rest.size(); i++) {
      assertTrue(cost(rest.get(i)) <= cost(rest.get(i - 1)));
    }
    assertEquals(9L * heads, tasks.stream().flatMap(List::stream).distinct().count());
  }

  /**
   * Of 11 batch entries one is decoded and one is empty; of the others, two groups of tasks, the
   * last has a single long tile.
   */
  @Test
  void spans_of_few_queries_have_no_tasks_and_the_longest_tile_begins() {
    int batches = 11;
    int[] queries = new int[batches];
    int[] keys = new int[batches];
    Arrays.fill(queries, 2 * Tile.EDGE);
    Arrays.fill(keys, 2 * Tile.EDGE);
    queries[0] = 1;
    keys[0] = 9 * Tile.EDGE;
    queries[1] = 0;
    queries[batches - 1] = Tile.EDGE;
    keys[batches - 1] = 9 * Tile.EDGE;
    AttentionProblem problem =
        AttentionProblem.of(
                DRAW.bell(1, batches, 1, 2 * Tile.EDGE, 4),
                DRAW.bell(2, batches, 1, 9 * Tile.EDGE, 4),
                DRAW.bell(3, batches, 1, 9 * Tile.EDGE, 4))
            .queryLengths(queries)
            .keyLengths(keys)
            .build();
    List<List<TileTask>> tasks = TileTask.ofQueries(new TiledProblem(problem, new DensePlan()), 1);
    List<TileTask> tiles = tasks.stream().flatMap(List::stream).toList();
    assertEquals(2 * 8 + 1, tiles.size());
    assertEquals(2 * 8 + 1, tiles.stream().distinct().count());
    assertEquals(batches - 1, tiles.getFirst().span().batch());
  }

  private static Set<Integer> headsOf(List<List<TileTask>> tasks) {
    Set<Integer> heads = new HashSet<>();
    for (List<TileTask> task : tasks) {
      heads.add(task.getFirst().head());
    }
    return heads;
  }

  private static int cost(List<TileTask> task) {
    return task.stream().mapToInt(TileTask::cost).sum();
  }

  private static List<List<TileTask>> tasks(int heads, int threads) {
    AttentionProblem problem =
        AttentionProblem.of(
                DRAW.bell(1, 1, heads, 9 * Tile.EDGE - 1, 4),
                DRAW.bell(2, 1, heads, 9 * Tile.EDGE - 1, 4),
                DRAW.bell(3, 1, heads, 9 * Tile.EDGE - 1, 4))
            .causal(true)
            .build();
    return TileTask.ofQueries(new TiledProblem(problem, new DensePlan()), threads);
  }
}
