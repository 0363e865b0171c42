package dev.assay.accelerated.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.DensePlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Lists are cut where one is much longer than the others, and the sums of parts come together. */
class PartsTest {
  private static final int MAX = Integer.MAX_VALUE;

  @Test
  void lists_of_like_lengths_stay_whole() {
    Parts parts = Parts.of(2, 3, (plane, tile) -> 500 + 100 * tile);
    assertEquals(3, parts.count());
    assertEquals(0, parts.slots());
    assertArrayEquals(new int[] {2, 0, MAX, -1}, Arrays.copyOfRange(parts.ints(), 20, 24));
  }

  @Test
  void a_long_list_is_cut_and_each_further_part_has_a_slot() {
    // 40 lists of 1 and one of 60, of which 24 may stay together.
    Parts parts = Parts.of(1, 41, (plane, tile) -> tile == 4 ? 60 : 1);
    assertEquals(43, parts.count());
    assertEquals(2, parts.slots());
    int[] cut = {4, 0, 24, -1, 4, 24, 48, 0, 4, 48, MAX, 1};
    assertArrayEquals(cut, Arrays.copyOfRange(parts.ints(), 16, 28));
  }

  @Test
  void planes_with_fewer_parts_have_idle_ones_behind_the_last_tile() {
    Parts parts = Parts.of(2, 40, (plane, tile) -> plane == 1 && tile == 0 ? 40 : 0);
    assertEquals(41, parts.count());
    assertArrayEquals(new int[] {40, 0, 0, -1}, Arrays.copyOfRange(parts.ints(), 160, 164));
  }

  @Test
  void what_slots_hold_is_added_in_their_order() {
    Parts parts = Parts.of(2, 40, (plane, tile) -> tile == 39 ? 60 : 0);
    int tokens = 39 * Tiles.EDGE + 1;
    float[] results = new float[2 * 2 * tokens * 3];
    Arrays.fill(results, 1);
    float[] inSlots = new float[parts.slots() * 2 * Tiles.EDGE * 3];
    for (int slot = 0; slot < parts.slots(); slot++) {
      for (int g = 0; g < 2; g++) {
        Arrays.fill(
            inSlots,
            (slot * 2 + g) * Tiles.EDGE * 3,
            (slot * 2 + g + 1) * Tiles.EDGE * 3,
            (float) Math.pow(10, slot) * (g + 1));
      }
    }
    parts.add(results, inSlots, 2, tokens, 3);
    // Plane 1 has slots 2 and 3; only one token is left of the last tile.
    int last = (3 * tokens + tokens - 1) * 3;
    assertArrayEquals(
        new float[] {1, 1 + 2200, 1 + 2200, 1 + 2200},
        Arrays.copyOfRange(results, last - 1, last + 3));
    assertEquals(1 + 11, results[(tokens - 1) * 3]);
  }

  @Test
  void a_key_that_all_queries_see_has_its_list_cut_for_gradients_alone() {
    int n = 100 * Tiles.EDGE;
    Tensor rows = Tensor.generate(Shape.of(1, 2, n, 1), p -> 0).to(Storage.F32);
    Tensor keys = Tensor.generate(Shape.of(1, 1, n, 1), p -> 0).to(Storage.F32);
    AttentionProblem problem = AttentionProblem.of(rows, keys, keys).build();
    boolean[][] blocks = new boolean[100][100];
    for (int row = 0; row < 100; row++) {
      blocks[row][0] = true;
      blocks[row][row] = true;
    }
    int[] bounds = BlockMask.uniformBounds(n, Tiles.EDGE);
    BlockPlan sinks = new BlockPlan(BlockMask.of(bounds, bounds, blocks));
    TileLists lists = TileLists.of(problem, sinks, KeyRanges.of(problem));
    assertEquals(104, lists.keyParts(problem).count());
    assertEquals(4, lists.keyParts(problem).slots());
    assertEquals(100, lists.queryParts(problem).count());
    TileLists dense = TileLists.of(problem, new DensePlan(), KeyRanges.of(problem));
    assertEquals(0, dense.keyParts(problem).slots());
  }
}
