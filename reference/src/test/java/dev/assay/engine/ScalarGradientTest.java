package dev.assay.engine;

import static dev.assay.engine.Differences.assertGradients;

import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Paging;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Ragged;
import dev.assay.plan.RecurrentPlan.Rule;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients of every plan, every element of every slot, against differences. */
class ScalarGradientTest {
  private static final int SEED = 16;
  private static final Draws DRAWS = new Draws(SEED);

  private static ProblemBuilder problem() {
    return AttentionProblem.of(
        DRAWS.bell(1, 2, 2, 3, 2), DRAWS.bell(2, 2, 1, 4, 2), DRAWS.bell(3, 2, 1, 4, 3));
  }

  @Test
  void dense_with_shared_key_heads() {
    assertGradients(problem().build(), new DensePlan(), SEED);
  }

  @Test
  void dense_causal_with_empty_rows() {
    assertGradients(problem().causal(true).offset(-1, 0).build(), new DensePlan(), SEED);
  }

  @Test
  void dense_with_softcap_bias_and_dropout() {
    assertGradients(
        problem()
            .softcap(0.6)
            .bias(DRAWS.bell(4, 2, 2, 3, 4))
            .dropout(DRAWS.bits(5, 0.7, 2, 2, 3, 4), 0.3)
            .build(),
        new DensePlan(),
        SEED);
  }

  @Test
  void bias_broadcast_over_batch_and_queries() {
    assertGradients(problem().bias(DRAWS.bell(4, 1, 2, 1, 4)).build(), new DensePlan(), SEED);
  }

  @Test
  void bias_that_masks() {
    Tensor drawn = DRAWS.bell(4, 2, 1, 3, 4);
    Tensor bias =
        Tensor.generate(drawn.shape(), p -> p % 3 == 0 ? Double.NEGATIVE_INFINITY : drawn.get(p));
    assertGradients(problem().bias(bias).build(), new DensePlan(), SEED);
  }

  @Test
  void blocks() {
    boolean[][] table = {{true, false}, {true, true}};
    BlockMask mask =
        BlockMask.of(BlockMask.uniformBounds(3, 2), BlockMask.uniformBounds(4, 2), table);
    assertGradients(problem().build(), new BlockPlan(mask), SEED);
  }

  @Test
  void chunks() {
    ChunkPlan plan = new ChunkPlan(2, true, List.of(List.of(new int[0], new int[] {0})));
    assertGradients(problem().build(), plan, SEED);
  }

  @Test
  void gathered_keys_with_multiplicity() {
    assertGradients(
        problem().build(), ScalarSparseTest.gather(DRAWS.bits(6, 0.6, 2, 2, 3, 4)), SEED);
  }

  @Test
  void packed_sequences() {
    AttentionProblem packed =
        AttentionProblem.of(
                DRAWS.bell(1, 1, 2, 5, 2), DRAWS.bell(2, 1, 1, 6, 2), DRAWS.bell(3, 1, 1, 6, 2))
            .causal(true)
            .ragged(new Ragged(new int[] {0, 2, 2, 5}, new int[] {0, 3, 4, 6}))
            .build();
    assertGradients(packed, new DensePlan(), SEED);
  }

  @Test
  void a_page_shared_by_two_entries_gathers_both_gradients() {
    AttentionProblem paged =
        AttentionProblem.of(
                DRAWS.bell(1, 2, 2, 2, 2), DRAWS.bell(2, 3, 1, 2, 2), DRAWS.bell(3, 3, 1, 2, 2))
            .paging(new Paging(new int[][] {{2, 0}, {2, 1}}, 2))
            .keyLengths(3, 4)
            .causal(true)
            .build();
    assertGradients(paged, new DensePlan(), SEED);
  }

  @Test
  void features() {
    AttentionProblem positive =
        AttentionProblem.of(
                DRAWS.positive(1, 2, 2, 3, 2),
                DRAWS.positive(2, 2, 1, 4, 2),
                DRAWS.bell(3, 2, 1, 4, 3))
            .causal(true)
            .build();
    assertGradients(positive, new FeaturePlan(0.1), SEED);
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void recurrences(Rule rule) {
    assertGradients(ScalarRecurrentTest.problem(4), ScalarRecurrentTest.plan(rule, 4), SEED);
  }

  @Test
  void a_join_by_lse() {
    AttentionProblem first = problem().causal(true).offset(-1, -1).build();
    AttentionProblem second =
        AttentionProblem.of(
                DRAWS.bell(7, 2, 2, 3, 1), DRAWS.bell(8, 2, 2, 2, 1), DRAWS.bell(9, 2, 2, 2, 3))
            .bias(DRAWS.bell(10, 1, 1, 3, 2))
            .build();
    MergePlan plan =
        new MergePlan(
            List.of(new Branch(first, new DensePlan()), new Branch(second, new DensePlan())), null);
    assertGradients(first, plan, SEED);
  }

  @Test
  void a_join_by_gates() {
    AttentionProblem softmax = problem().build();
    AttentionProblem features =
        AttentionProblem.of(
                DRAWS.positive(7, 2, 2, 3, 2),
                DRAWS.positive(8, 2, 1, 4, 2),
                DRAWS.bell(9, 2, 1, 4, 3))
            .build();
    MergePlan plan =
        new MergePlan(
            List.of(new Branch(softmax, new DensePlan()), new Branch(features, new FeaturePlan(0))),
            DRAWS.bell(11, 2, 2, 2, 3));
    assertGradients(softmax, plan, SEED);
  }
}
