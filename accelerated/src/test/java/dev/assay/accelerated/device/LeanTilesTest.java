package dev.assay.accelerated.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Paging;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Window;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What lets a device take the short way: problems without numbers of pairs, tiles without masks.
 */
class LeanTilesTest {
  private static final int CLEAR = TileRows.CLEAR;
  private static final int WHOLE = TileRows.WHOLE;

  private static Tensor zeros(int... extents) {
    return Tensor.zeros(Shape.of(extents)).to(Storage.F32);
  }

  private static ProblemBuilder problem(int queries, int keys, int depth, int width) {
    return AttentionProblem.of(
        zeros(1, 1, queries, depth), zeros(1, 1, keys, depth), zeros(1, 1, keys, width));
  }

  /** How the tiles of the rows are marked, one row after the other. */
  private static int[] marks(AttentionProblem problem, Plan plan) {
    Packed packed = Packed.forward(problem, plan);
    int rows = packed.queryTiles();
    int pointers = packed.ints()[Header.ROW_POINTERS_AT];
    int at = packed.ints()[Header.ROW_BITS_AT];
    int entries = packed.ints()[pointers + rows];
    return Arrays.copyOfRange(packed.ints(), at, at + entries);
  }

  @Test
  void full_tiles_of_a_dense_plan_are_clear_and_ragged_ones_are_not() {
    int[] ofFullRow = {CLEAR, CLEAR, WHOLE};
    int[] ofShortRow = {WHOLE, WHOLE, WHOLE};
    int[] marks = marks(problem(40, 80, 1, 1).build(), new DensePlan());
    assertArrayEquals(ofFullRow, Arrays.copyOf(marks, 3));
    assertArrayEquals(ofShortRow, Arrays.copyOfRange(marks, 3, 6));
    assertEquals(6, marks.length);
  }

  @Test
  void a_tile_on_the_diagonal_is_not_clear() {
    AttentionProblem causal = problem(64, 64, 1, 1).causal(true).build();
    assertArrayEquals(new int[] {WHOLE, CLEAR, WHOLE}, marks(causal, new DensePlan()));
  }

  @Test
  void a_tile_that_a_window_begins_in_is_not_clear() {
    // Query i meets keys i - 32 to i + 32.
    AttentionProblem window = problem(64, 64, 1, 1).window(new Window(32, 32)).build();
    assertArrayEquals(new int[] {CLEAR, WHOLE, WHOLE, CLEAR}, marks(window, new DensePlan()));
  }

  @Test
  void a_key_that_lies_behind_the_length_spoils_its_tile() {
    AttentionProblem lengths = problem(32, 96, 1, 1).keyLengths(95).build();
    assertArrayEquals(new int[] {CLEAR, CLEAR, WHOLE}, marks(lengths, new DensePlan()));
  }

  @Test
  void whole_blocks_are_clear_and_cut_ones_have_bits() {
    int[] bounds = {0, 16, 64};
    BlockMask mask =
        new BlockMask(
            new int[] {0, 32}, bounds, List.of(BlockRows.of(new int[] {0, 1}, new int[] {1})));
    int[] marks = marks(problem(32, 64, 1, 1).build(), new BlockPlan(mask));
    assertTrue(marks[0] >= 0, "the first tile is cut by the bound at 16");
    assertEquals(CLEAR, marks[1]);
  }

  @Test
  void a_problem_is_lean_up_to_the_width_of_a_slab() {
    assertTrue(Packed.lean(problem(2, 2, 64, 64).build()));
    assertFalse(Packed.lean(problem(2, 2, 65, 64).build()));
    assertFalse(Packed.lean(problem(2, 2, 64, 65).build()));
  }

  @Test
  void numbers_of_single_pairs_make_a_problem_not_lean() {
    Tensor pairs = zeros(1, 1, 2, 2);
    assertFalse(Packed.lean(problem(2, 2, 1, 1).bias(pairs).build()));
    assertFalse(Packed.lean(problem(2, 2, 1, 1).mask(pairs).build()));
    assertFalse(Packed.lean(problem(2, 2, 1, 1).dropout(pairs, 0.5).build()));
    assertFalse(Packed.lean(problem(2, 2, 1, 1).softcap(3).build()));
    assertTrue(Packed.lean(problem(2, 2, 1, 1).causal(true).build()));
  }

  @Test
  void the_header_says_whether_there_are_pages() {
    assertEquals(
        0, Packed.forward(problem(2, 2, 1, 1).build(), new DensePlan()).ints()[Header.PAGED]);
    AttentionProblem paged =
        AttentionProblem.of(zeros(1, 1, 2, 1), zeros(1, 1, 2, 1), zeros(1, 1, 2, 1))
            .paging(new Paging(new int[][] {{0}}, 2))
            .keyLengths(2)
            .build();
    assertEquals(1, Packed.forward(paged, new DensePlan()).ints()[Header.PAGED]);
  }
}
