package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
      int cost = task.stream().mapToInt(TileTask::cost).sum();
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

  /** 3 tasks a head: two heads are on at once for one thread, four for three. */
  @ParameterizedTest
  @CsvSource({"1, 2", "3, 4"})
  void no_more_heads_are_on_at_once_than_keep_the_threads_busy(int threads, int heads) {
    int all = 2 * heads;
    List<List<TileTask>> tasks = tasks(all, threads);
    assertEquals(3 * all, tasks.size());
    for (int half = 0; half < 2; half++) {
      Set<Integer> seen = new HashSet<>();
      for (List<TileTask> task : tasks.subList(half * 3 * heads, (half + 1) * 3 * heads)) {
        seen.add(task.getFirst().head());
      }
      assertEquals(heads, seen.size());
    }
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
