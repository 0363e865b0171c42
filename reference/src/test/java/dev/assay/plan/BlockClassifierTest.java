package dev.assay.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.pattern.Pattern.Random;
import dev.assay.pattern.PatternBlocks;
import dev.assay.pattern.PatternText;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockClassifierTest {
  private static final int TOKENS = 6;

  private static ProblemBuilder problem(int batch, int heads) {
    Tensor x = Tensor.zeros(Shape.of(batch, heads, TOKENS, 1));
    return AttentionProblem.of(x, x, x);
  }

  /** All nine blocks of two tokens, for so many maps. */
  private static BlockPlan everything(int maps) {
    boolean[][][] tables = new boolean[maps][3][3];
    for (boolean[][] table : tables) {
      for (boolean[] row : table) {
        Arrays.fill(row, true);
      }
    }
    int[] bounds = BlockMask.uniformBounds(TOKENS, 2);
    return new BlockPlan(BlockMask.of(bounds, bounds, tables));
  }

  /** F for a full block, p for a partial one, a point for one that is not listed. */
  private static String drawing(BlockPlan plan, int b, int h, int heads) {
    StringBuilder text = new StringBuilder();
    BlockRows rows = plan.mask().rows(b, h, heads);
    for (int row = 0; row < plan.mask().queryBlocks(); row++) {
      for (int column = 0; column < plan.mask().keyBlocks(); column++) {
        int entry = rows.find(row, column);
        text.append(entry < 0 ? '.' : rows.full()[entry] ? 'F' : 'p');
      }
      text.append(' ');
    }
    return text.toString().strip();
  }

  @Test
  void all_blocks_are_full_where_everything_is_allowed() {
    assertEquals("FFF FFF FFF", drawing(everything(1).classified(problem(1, 1).build()), 0, 0, 1));
  }

  @Test
  void blocks_on_the_causal_frontier_are_partial_and_those_above_are_dropped() {
    AttentionProblem causal = problem(1, 1).causal(true).build();
    assertEquals("p.. Fp. FFp", drawing(everything(1).classified(causal), 0, 0, 1));
  }

  @Test
  void a_frontier_that_touches_the_corner_of_a_block_leaves_it_full() {
    AttentionProblem shifted = problem(1, 1).causal(true).offset(1).build();
    assertEquals("Fp. FFp FFF", drawing(everything(1).classified(shifted), 0, 0, 1));
  }

  @Test
  void a_block_is_as_full_as_for_its_shortest_sequence() {
    AttentionProblem lengths = problem(2, 1).keyLengths(6, 3).build();
    assertEquals("Fpp Fpp Fpp", drawing(everything(1).classified(lengths), 0, 0, 1));
  }

  @Test
  void a_block_is_dropped_only_if_every_sequence_lacks_it() {
    AttentionProblem lengths = problem(2, 1).keyLengths(2, 3).build();
    assertEquals("Fp. Fp. Fp.", drawing(everything(1).classified(lengths), 0, 0, 1));
  }

  @Test
  void each_head_with_a_map_is_judged_alone() {
    Tensor mask = Tensor.generate(Shape.of(1, 2, 1, TOKENS), p -> p >= TOKENS || p < 3 ? 1 : 0);
    AttentionProblem masked = problem(1, 2).mask(mask).build();
    BlockPlan plan = everything(2).classified(masked);
    assertEquals("Fp. Fp. Fp.", drawing(plan, 0, 0, 2));
    assertEquals("FFF FFF FFF", drawing(plan, 0, 1, 2));
  }

  @Test
  void each_batch_entry_with_a_map_is_judged_alone() {
    AttentionProblem lengths = problem(2, 1).keyLengths(6, 2).build();
    BlockPlan plan = everything(2).classified(lengths);
    assertEquals("FFF FFF FFF", drawing(plan, 0, 0, 1));
    assertEquals("F.. F.. F..", drawing(plan, 1, 0, 1));
  }

  @Test
  void a_finite_bias_leaves_a_block_full_and_minus_infinity_does_not() {
    Tensor bias =
        Tensor.generate(Shape.of(1, 1, 1, TOKENS), j -> j == 5 ? Double.NEGATIVE_INFINITY : 0.5);
    AttentionProblem biased = problem(1, 1).bias(bias).build();
    assertEquals("FFp FFp FFp", drawing(everything(1).classified(biased), 0, 0, 1));
  }

  @Test
  void no_pair_is_lost_or_won() {
    BlockMask random = PatternBlocks.of(new Random(5, 0.2), TOKENS, TOKENS, 2, 3);
    AttentionProblem causal = problem(1, 1).causal(true).build();
    BlockMask classified = new BlockPlan(random).classified(causal).mask();
    assertEquals(
        PatternText.plain(
            (i, j) -> random.contains(0, 0, 1, i, j) && causal.allows(0, 0, i, j), TOKENS, TOKENS),
        PatternText.plain(
            (i, j) -> classified.contains(0, 0, 1, i, j) && causal.allows(0, 0, i, j),
            TOKENS,
            TOKENS));
  }

  @Test
  void a_claim_to_be_full_is_corrected() {
    int[] bounds = {0, TOKENS};
    BlockRows rows = new BlockRows(new int[] {0, 1}, new int[] {0}, new boolean[] {true}, null);
    BlockPlan plan = new BlockPlan(new BlockMask(bounds, bounds, List.of(rows)));
    BlockPlan classified = plan.classified(problem(1, 1).causal(true).build());
    assertArrayEquals(new boolean[] {false}, classified.mask().rows(0, 0, 1).full());
  }

  @Test
  void a_mask_of_another_length_is_refused() {
    int[] bounds = {0, TOKENS + 1};
    BlockPlan plan = new BlockPlan(BlockMask.of(bounds, bounds, new boolean[1][1]));
    assertThrows(IllegalArgumentException.class, () -> plan.classified(problem(1, 1).build()));
  }
}
