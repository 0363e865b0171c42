package dev.assay.engine;

import static dev.assay.engine.Agreement.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.op.Gradient;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.plan.Slots;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A plan as a recorded op. */
class AttendTest {
  private static final Draws DRAWS = new Draws(20);

  private final Engine scalar = new ScalarEngine();
  private final Tape tape = new Tape();

  private static AttentionProblem problem() {
    return AttentionProblem.of(
            DRAWS.bell(1, 1, 2, 3, 2), DRAWS.bell(2, 1, 1, 4, 2), DRAWS.bell(3, 1, 1, 4, 3))
        .bias(DRAWS.bell(4, 1, 1, 3, 4))
        .build();
  }

  private List<Var> leaves(AttentionProblem problem, Plan plan) {
    List<Var> leaves = new ArrayList<>();
    Slots.of(problem, plan).forEach((name, tensor) -> leaves.add(tape.leaf(name, tensor)));
    return leaves;
  }

  private void assertGradients(@Nullable Tensor dOut, @Nullable Tensor dLse) {
    AttentionProblem problem = problem();
    Plan plan = new DensePlan();
    List<Var> leaves = leaves(problem, plan);
    List<Var> outputs = Attend.record(tape, scalar, problem, plan, leaves);
    List<Var> seeded = new ArrayList<>();
    List<Var> cotangents = new ArrayList<>();
    if (dOut != null) {
      seeded.add(outputs.get(0));
      cotangents.add(tape.leaf("d_out", dOut));
    }
    if (dLse != null) {
      seeded.add(outputs.get(1));
      cotangents.add(tape.leaf("d_lse", dLse));
    }
    List<Var> found = Gradient.of(seeded, cotangents, leaves);
    Gradients expected =
        scalar.backward(
            problem,
            plan,
            scalar.forward(problem, plan),
            dOut == null ? Tensor.zeros(problem.outShape()) : dOut,
            dLse);
    int slot = 0;
    for (Tensor gradient : expected.byName().values()) {
      assertSameBits(gradient, found.get(slot++).value());
    }
    assertEquals(4, slot);
  }

  @Test
  void gives_the_engines_gradients_of_the_output() {
    assertGradients(DRAWS.bell(5, 1, 2, 3, 3), null);
  }

  @Test
  void gives_the_engines_gradients_of_the_lse() {
    assertGradients(null, DRAWS.bell(6, 1, 2, 3));
  }

  @Test
  void gives_the_engines_gradients_of_both() {
    assertGradients(DRAWS.bell(5, 1, 2, 3, 3), DRAWS.bell(6, 1, 2, 3));
  }

  @Test
  void has_one_output_where_the_plan_has_no_lse() {
    AttentionProblem plain =
        AttentionProblem.of(problem().q(), problem().k(), problem().v()).build();
    Plan features = new FeaturePlan(0);
    List<Var> leaves = leaves(plain, features);
    assertEquals(1, Attend.record(tape, scalar, plain, features, leaves).size());
  }

  @Test
  void refuses_what_the_engine_does_not_support() {
    AttentionProblem problem = problem();
    Plan features = new FeaturePlan(0);
    List<Var> leaves = leaves(problem, features);
    assertThrows(
        UnsupportedPlanException.class,
        () -> Attend.record(tape, scalar, problem, features, leaves));
  }
}
