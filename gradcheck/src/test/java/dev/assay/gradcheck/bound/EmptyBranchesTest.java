package dev.assay.gradcheck.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Slots;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A join by gates of two branches over three queries: query 0 has keys in both, query 1 in the
 * first only, query 2 in neither. What is empty gives 0 exactly, whatever its gate and cotangent.
 */
class EmptyBranchesTest {
  private static final PrecisionClass CLASS = PrecisionClass.F32_FLASH;
  private static final Rounding U = Rounding.of(CLASS, Declared.NOTHING);
  private static final double NAN = Double.NaN;

  private static AttentionProblem problem(int queriesWithKeys) {
    Tensor mask = Tensor.generate(Shape.of(1, 1, 3, 4), p -> p / 4 < queriesWithKeys ? 1 : 0);
    return AttentionProblem.of(draw(1, 3), draw(2, 4), draw(3, 4)).mask(mask).build();
  }

  private static Tensor draw(int stream, int tokens) {
    return Trial.draw(Shape.of(1, 1, tokens, 2), 9, stream, -16, CLASS);
  }

  private static final MergePlan PLAN =
      new MergePlan(
          List.of(new Branch(problem(2), new DensePlan()), new Branch(problem(1), new DensePlan())),
          Tensor.adopt(Shape.of(2, 1, 1, 3), new double[] {0.5, 0.25, NAN, 0.75, NAN, NAN}));

  private static Branches branches() {
    List<Known> slots = new ArrayList<>();
    AttentionProblem first = PLAN.branches().getFirst().problem();
    Slots.of(first, PLAN).values().forEach(tensor -> slots.add(new Known(tensor, null)));
    return Branches.of(PLAN, slots, new ScalarEngine(), U);
  }

  @Test
  void an_empty_row_of_a_branch_adds_nothing_to_the_bound_of_the_output() {
    double[] bound = new MergeForward(branches(), Tensor.zeros(Shape.of(1, 1, 3, 2)), U).errorOut();
    // Some ten roundings of numbers near 1 in fp32: large enough to hold, far from the poison's
    // size.
    assertTrue(bound[0] > 0 && bound[0] < 1e-5, Arrays.toString(bound));
    assertTrue(bound[2] > 0 && bound[2] < 1e-5, Arrays.toString(bound));
    assertEquals(0, bound[4]);
    assertEquals(0, bound[5]);
  }

  @Test
  void the_gradient_of_a_gate_of_an_empty_row_is_exact() {
    double[] cotangent = {1, -1, 1, 2, NAN, NAN};
    Known dOut = new Known(Tensor.adopt(Shape.of(1, 1, 3, 2), cotangent), null);
    List<Tensor> gradients = new ArrayList<>();
    for (int branch = 0; branch < 2; branch++) {
      gradients.add(Tensor.zeros(Shape.of(1, 1, 3, 2)));
      gradients.add(Tensor.zeros(Shape.of(1, 1, 4, 2)));
      gradients.add(Tensor.zeros(Shape.of(1, 1, 4, 2)));
    }
    gradients.add(Tensor.zeros(Shape.of(2, 1, 1, 3)));
    List<double[]> bounds = new MergeBackward(branches(), dOut, U).byGates(gradients);
    double[] gates = bounds.getLast();
    assertTrue(gates[0] > 0 && gates[1] > 0 && gates[3] > 0, Arrays.toString(gates));
    assertEquals(0, gates[2]);
    assertEquals(0, gates[4]);
    assertEquals(0, gates[5]);
    for (double[] bound : bounds) {
      assertTrue(Arrays.stream(bound).allMatch(e -> e < 1e-4), Arrays.toString(bound));
    }
  }
}
