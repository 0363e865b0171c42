package dev.assay.bench.headline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.ScalarEngine;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.study.PairCount;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RecipesTest {
  private static final int HEADS = 4;

  /** With equal logits the log-sum-exp is the logarithm of the number of keys. */
  @TestFactory
  Stream<DynamicTest> pairs_are_those_that_the_plan_meets() {
    Map<String, Recipe> recipes =
        Map.of(
            "dense",
            Recipes.DENSE,
            "causal",
            Recipes.CAUSAL,
            "band",
            Recipes.BAND,
            "causal band",
            Recipes.CAUSAL_BAND,
            "random",
            Recipes.randomBlocks(2),
            "share",
            Recipes.share(0.4),
            "chunking",
            Recipes.chunking(Map.of()),
            "head gate",
            Recipes.headGate());
    return recipes.entrySet().stream()
        .map(recipe -> DynamicTest.dynamicTest(recipe.getKey(), () -> counted(recipe.getValue())));
  }

  private static void counted(Recipe recipe) {
    for (int n : new int[] {1, 63, 64, 129, 300}) {
      Tensor zeros = Tensor.zeros(Shape.of(1, HEADS, n, 1));
      Branch branch = recipe.on(AttentionProblem.of(zeros, zeros, zeros).build());
      Forward forward = new ScalarEngine().forward(branch.problem(), branch.plan());
      double pairs = 0;
      for (double lse : Objects.requireNonNull(forward.lse()).toDoubles()) {
        pairs += Math.rint(Math.exp(lse));
      }
      assertEquals(pairs, PairCount.of(branch), "n = " + n);
    }
  }

  @Test
  void rows_choose_as_many_blocks_as_were_asked_for_and_each_row_others() {
    List<BlockRows> maps = RandomBlocks.of(2, 50, 5);
    for (BlockRows rows : maps) {
      for (int row = 0; row < 50; row++) {
        int[] chosen = Arrays.copyOfRange(rows.colIdx(), 5 * row, 5 * row + 5);
        assertEquals(5, Arrays.stream(chosen).distinct().count());
        assertTrue(chosen[0] >= 0 && chosen[4] < 50, () -> Arrays.toString(chosen));
      }
    }
    assertFalse(Arrays.equals(maps.get(0).colIdx(), maps.get(1).colIdx()), "heads differ");
    assertTrue(
        Arrays.equals(maps.get(0).colIdx(), RandomBlocks.of(1, 50, 5).get(0).colIdx()),
        "the seed is fixed");
  }

  @Test
  void every_block_is_chosen_about_equally_often() {
    int[] counts = new int[20];
    for (BlockRows rows : RandomBlocks.of(100, 20, 4)) {
      Arrays.stream(rows.colIdx()).forEach(block -> counts[block]++);
    }
    // 2000 rows choose each of 20 blocks with chance 1/5: 400, give or take 5 times 18.
    for (int count : counts) {
      assertEquals(400, count, 90);
    }
  }

  @Test
  void the_turns_of_a_selection_meet_every_key_once() {
    Tensor q = Tensor.zeros(Shape.of(1, 2, 1, 1));
    Tensor k = Tensor.zeros(Shape.of(1, 2, 1000, 1));
    AttentionProblem plain = AttentionProblem.of(q, k, k).build();
    double pairs = 0;
    for (int turn = 0; turn < 4; turn++) {
      pairs += PairCount.of(Recipes.everyBlock(4, turn).on(plain));
    }
    assertEquals(2000, pairs);
  }
}
