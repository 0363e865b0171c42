package dev.assay.engine;

import static dev.assay.engine.Agreement.assertClose;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Window;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Every field of a problem, alone, under a dense plan, against the definition. */
class ScalarDenseTest {
  private static final Draws DRAWS = new Draws(11);
  private static final int BATCH = 2;
  private static final int HEADS = 4;
  private static final int QUERIES = 5;
  private static final int KEYS = 7;

  private final Engine scalar = new ScalarEngine();

  private static ProblemBuilder problem() {
    return AttentionProblem.of(
        DRAWS.bell(1, BATCH, HEADS, QUERIES, 3),
        DRAWS.bell(2, BATCH, 2, KEYS, 3),
        DRAWS.bell(3, BATCH, 2, KEYS, 2));
  }

  private void check(AttentionProblem problem, Definition definition) {
    assertClose(definition.forward(), scalar.forward(problem, new DensePlan()));
  }

  private void check(ProblemBuilder builder, Definition.OfPair allowed) {
    AttentionProblem problem = builder.build();
    check(problem, Definition.of(problem).multiplicity(allowed));
  }

  @Test
  void all_pairs() {
    check(problem(), (b, h, i, j) -> 1);
  }

  @Test
  void another_scale() {
    check(problem().scale(-0.3), (b, h, i, j) -> 1);
  }

  @Test
  void softcap() {
    check(problem().softcap(0.7), (b, h, i, j) -> 1);
  }

  @Test
  void causal_is_aligned_bottom_right() {
    check(problem().causal(true), (b, h, i, j) -> j <= i + 2 ? 1 : 0);
  }

  @Test
  void causal_with_an_offset_of_its_own_for_each_entry() {
    int[] offset = {0, -2};
    check(problem().causal(true).offset(offset), (b, h, i, j) -> j <= i + offset[b] ? 1 : 0);
  }

  @Test
  void causal_frontier_follows_the_valid_lengths() {
    int[] queries = {3, 5};
    int[] keys = {4, 0};
    check(
        problem().causal(true).queryLengths(queries).keyLengths(keys),
        (b, h, i, j) -> i < queries[b] && j < keys[b] && j <= i + keys[b] - queries[b] ? 1 : 0);
  }

  @Test
  void a_window_includes_both_its_ends() {
    check(
        problem().window(new Window(1, 2)).offset(0, 1),
        (b, h, i, j) -> j >= i + b - 1 && j <= i + b + 2 ? 1 : 0);
  }

  @Test
  void a_window_open_to_the_left() {
    check(problem().window(new Window(-1, 0)).offset(0, 0), (b, h, i, j) -> j <= i ? 1 : 0);
  }

  @Test
  void a_window_meets_the_causal_frontier() {
    check(
        problem().causal(true).window(new Window(2, 2)).offset(1, 1),
        (b, h, i, j) -> j >= i - 1 && j <= i + 1 ? 1 : 0);
  }

  @Test
  void a_mask_of_full_shape() {
    Tensor mask = DRAWS.bits(4, 0.5, BATCH, HEADS, QUERIES, KEYS);
    check(problem().mask(mask), mask::at);
  }

  @Test
  void a_mask_broadcast_over_batch_and_queries() {
    Tensor mask = DRAWS.bits(5, 0.5, 1, HEADS, 1, KEYS);
    check(problem().mask(mask), (b, h, i, j) -> mask.at(0, h, 0, j));
  }

  @Test
  void a_bias_broadcast_over_heads_and_keys() {
    Tensor bias = DRAWS.bell(6, BATCH, 1, QUERIES, 1);
    AttentionProblem problem = problem().bias(bias).build();
    check(problem, Definition.of(problem).bias((b, h, i, j) -> bias.at(b, 0, i, 0)));
  }

  @Test
  void a_bias_of_minus_infinity_masks() {
    Tensor kept = DRAWS.bits(7, 0.6, BATCH, HEADS, QUERIES, KEYS);
    Tensor bias =
        Tensor.generate(kept.shape(), p -> kept.get(p) == 1 ? 0 : Double.NEGATIVE_INFINITY);
    check(problem().bias(bias), kept::at);
  }

  @Test
  void dropout() {
    Tensor keep = DRAWS.bits(8, 0.75, BATCH, HEADS, QUERIES, KEYS);
    AttentionProblem problem = problem().dropout(keep, 0.25).build();
    check(problem, Definition.of(problem).dropout((b, h, i, j) -> keep.at(b, h, i, j) / 0.75));
  }

  @Test
  void more_queries_than_keys_leave_the_first_rows_empty() {
    AttentionProblem problem =
        AttentionProblem.of(
                DRAWS.bell(1, 1, 1, 5, 2), DRAWS.bell(2, 1, 1, 3, 2), DRAWS.bell(3, 1, 1, 3, 2))
            .causal(true)
            .build();
    check(problem, Definition.of(problem).multiplicity((b, h, i, j) -> j <= i - 2 ? 1 : 0));
  }
}
