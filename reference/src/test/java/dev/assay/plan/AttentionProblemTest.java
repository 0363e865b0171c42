package dev.assay.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttentionProblemTest {
  private static Tensor zeros(int... extents) {
    return Tensor.zeros(Shape.of(extents));
  }

  private static ProblemBuilder problem(int queries, int keys) {
    return AttentionProblem.of(zeros(1, 1, queries, 1), zeros(1, 1, keys, 1), zeros(1, 1, keys, 1));
  }

  @Test
  void does_not_change_when_its_builder_is_used_again() {
    ProblemBuilder builder = problem(2, 2);
    AttentionProblem problem = builder.build();
    builder.causal(true).scale(7);
    assertFalse(problem.causal());
    assertEquals(1, problem.scale());
  }

  @Test
  void does_not_change_with_the_arrays_it_was_given() {
    int[] cu = {0, 2};
    int[] lengths = {2};
    Ragged ragged = new Ragged(cu, cu);
    AttentionProblem problem = problem(2, 2).keyLengths(lengths).build();
    cu[1] = 9;
    lengths[0] = 0;
    assertEquals(2, ragged.cuQueries()[1]);
    assertEquals(2, problem.keyLength(0));
  }

  @Test
  void may_have_more_pairs_than_a_tensor_has_elements() {
    AttentionProblem large = problem(65_536, 65_536).causal(true).build();
    assertArrayEquals(new int[] {0, 65_536}, large.keyRange(0, 65_535));
  }

  @Test
  void a_large_offset_does_not_wrap_around() {
    AttentionProblem shifted =
        problem(2, 3)
            .causal(true)
            .offset(Integer.MAX_VALUE)
            .window(new Window(-1, Integer.MAX_VALUE))
            .build();
    assertArrayEquals(new int[] {0, 3}, shifted.keyRange(0, 1));
  }

  @Test
  void a_row_behind_the_query_length_has_no_keys() {
    assertArrayEquals(new int[] {0, 0}, problem(3, 3).queryLengths(1).build().keyRange(0, 1));
  }

  @Test
  void empty_sequences_own_no_rows() {
    Ragged ragged = new Ragged(new int[] {0, 0, 2, 2, 2, 3, 3}, new int[] {0, 1, 1, 1, 1, 1, 1});
    assertEquals(
        List.of(1, 1, 4),
        List.of(ragged.sequenceOfQuery(0), ragged.sequenceOfQuery(1), ragged.sequenceOfQuery(2)));
  }

  @Test
  void a_group_of_query_heads_shares_a_key_head() {
    AttentionProblem grouped =
        AttentionProblem.of(zeros(1, 6, 1, 1), zeros(1, 2, 1, 1), zeros(1, 2, 1, 1)).build();
    assertEquals(0, grouped.kvHead(2));
    assertEquals(1, grouped.kvHead(3));
  }

  @Test
  void slots_can_be_bound_to_other_tensors() {
    AttentionProblem problem = problem(2, 2).bias(zeros(1, 1, 2, 2)).causal(true).build();
    List<Tensor> others =
        List.of(zeros(1, 1, 2, 1), zeros(1, 1, 2, 1), zeros(1, 1, 2, 1), zeros(1, 1, 2, 2));
    AttentionProblem bound = Slots.rebind(problem, new DensePlan(), others).problem();
    assertEquals(others.get(3), bound.bias());
    assertEquals(true, bound.causal());
  }
}
