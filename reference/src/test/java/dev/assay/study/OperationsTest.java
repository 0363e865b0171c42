package dev.assay.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.RecurrentPlan;
import dev.assay.plan.RecurrentPlan.Rule;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;

class OperationsTest {
  /** Five of the twelve pairs of three rows and four columns. */
  private static final Tensor FIVE = Tensor.of(Shape.of(3, 4), 1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0);

  private final Tape tape = new Tape();

  private Var zeros(int... extents) {
    return tape.leaf("x", Tensor.zeros(Shape.of(extents)));
  }

  private static double run(Plan plan) {
    Tensor q = Tensor.zeros(Shape.of(1, 2, 6, 4));
    Tensor v = Tensor.zeros(Shape.of(1, 2, 6, 3));
    return Operations.of(new Branch(AttentionProblem.of(q, q, v).build(), plan));
  }

  @Test
  void a_product_of_matrices_is_two_operations_for_each_triple() {
    Ops.matMul(zeros(2, 3), zeros(3, 4));
    assertEquals(2 * 2 * 3 * 4, Operations.around(tape));
  }

  @Test
  void sampled_products_and_softmax_count_the_kept_pairs_alone() {
    Ops.sddmm(zeros(3, 7), zeros(7, 4), FIVE);
    assertEquals(2 * 5 * 7, Operations.around(tape));
    Ops.spmm(zeros(3, 4), zeros(4, 6), FIVE);
    assertEquals(2 * 5 * 7 + 2 * 5 * 6, Operations.around(tape));
    Ops.maskedSoftmax(zeros(3, 4), FIVE);
    assertEquals(2 * 5 * 7 + 2 * 5 * 6 + 5 * 5, Operations.around(tape));
  }

  @Test
  void functions_of_a_number_are_one_each_and_moving_is_free() {
    Var x = zeros(2, 5);
    Ops.exp(x);
    Ops.transpose(x);
    assertEquals(10, Operations.around(tape));
  }

  @Test
  void an_attention_costs_its_pairs_and_a_state_its_updates_and_reads() {
    assertEquals(2 * 36 * (2 * (4 + 3) + 5), run(new DensePlan()));
    // Twelve rows of queries and of keys; a state of 4 x 3 numbers, and of 4 for the divisor.
    assertEquals(24 * 2 * 4 * (3 + 1), run(new FeaturePlan(0)));
    assertEquals(12 * 4 * 4 * 3, run(new RecurrentPlan(Rule.LINEAR, null, null)));
  }
}
