package dev.assay.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.RecurrentPlan;
import dev.assay.plan.Window;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the scalar engine says no to, and what it refuses as bad input. */
class ScalarSupportTest {
  private static final Draws DRAWS = new Draws(19);
  private static final FeaturePlan FEATURES = new FeaturePlan(0);
  private static final RecurrentPlan LINEAR =
      new RecurrentPlan(RecurrentPlan.Rule.LINEAR, null, null);

  private final Engine scalar = new ScalarEngine();

  private static ProblemBuilder problem() {
    Tensor x = DRAWS.bell(1, 1, 1, 3, 2);
    return AttentionProblem.of(x, x, x);
  }

  static Stream<Arguments> withoutPlace() {
    Tensor pairs = Tensor.full(Shape.of(1, 1, 3, 3), 1);
    return Stream.of(
        Arguments.of(
            FEATURES, change(p -> p.bias(pairs)), "a feature plan has no place for a bias"),
        Arguments.of(
            FEATURES, change(p -> p.mask(pairs)), "a feature plan has no place for a mask"),
        Arguments.of(
            FEATURES, change(p -> p.softcap(1)), "a feature plan has no place for a softcap"),
        Arguments.of(
            FEATURES,
            change(p -> p.window(new Window(1, 0))),
            "a feature plan has no place for a window"),
        Arguments.of(
            FEATURES,
            change(p -> p.dropout(pairs, 0.5)),
            "a feature plan has no place for a dropout"),
        Arguments.of(
            LINEAR, change(p -> p.bias(pairs)), "a recurrent plan has no place for a bias"),
        Arguments.of(
            LINEAR,
            change(p -> p.keyLengths(2)),
            "a recurrent plan wants as many queries as keys and no offset, but sequence 0 has 3"
                + " queries, 2 keys and offset -1"));
  }

  private static UnaryOperator<ProblemBuilder> change(UnaryOperator<ProblemBuilder> change) {
    return change;
  }

  @ParameterizedTest
  @MethodSource("withoutPlace")
  void says_no_with_a_reason(Plan plan, UnaryOperator<ProblemBuilder> change, String reason) {
    AttentionProblem problem = change.apply(problem()).build();
    assertEquals(Support.no(reason), scalar.supports(problem, plan, EnumSet.of(Demand.FORWARD)));
    UnsupportedPlanException refusal =
        assertThrows(UnsupportedPlanException.class, () -> scalar.forward(problem, plan));
    assertEquals("scalar does not support this: " + reason, refusal.getMessage());
  }

  @Test
  void has_no_lse_without_a_softmax() {
    for (Plan plan : List.of(FEATURES, LINEAR)) {
      for (Demand demand : List.of(Demand.LSE, Demand.D_LSE)) {
        Support support = scalar.supports(problem().build(), plan, EnumSet.of(demand));
        assertEquals(Support.no("a " + plan.kind() + " plan has no log-sum-exp here"), support);
      }
    }
  }

  @Test
  void has_no_lse_behind_gates() {
    AttentionProblem problem = problem().build();
    MergePlan plan =
        new MergePlan(
            List.of(new Branch(problem, new DensePlan())), Tensor.zeros(Shape.of(1, 1, 1, 3)));
    assertEquals(
        Support.no("a merge plan has no log-sum-exp here"),
        scalar.supports(problem, plan, EnumSet.of(Demand.LSE)));
  }

  @Test
  void cannot_join_by_lse_what_has_none() {
    AttentionProblem problem = problem().build();
    MergePlan plan =
        new MergePlan(
            List.of(new Branch(problem, new DensePlan()), new Branch(problem, FEATURES)), null);
    assertEquals(
        Support.no("branch 1 is a feature plan without a log-sum-exp to join"),
        scalar.supports(problem, plan, EnumSet.of(Demand.FORWARD)));
  }

  @Test
  void names_the_branch_that_it_cannot_run() {
    AttentionProblem biased = problem().bias(Tensor.zeros(Shape.of(1, 1, 1, 1))).build();
    MergePlan plan =
        new MergePlan(List.of(new Branch(biased, FEATURES)), Tensor.zeros(Shape.of(1, 1, 1, 3)));
    assertEquals(
        Support.no("branch 0: a feature plan has no place for a bias"),
        scalar.supports(biased, plan, EnumSet.of(Demand.FORWARD)));
  }

  @Test
  void everything_is_demanded_of_a_dense_plan() {
    assertTrue(
        scalar.supports(problem().build(), new DensePlan(), EnumSet.allOf(Demand.class)).yes());
  }

  @Test
  void never_converts_storage() {
    Tensor x = DRAWS.bell(1, 1, 1, 3, 2).to(Storage.F32);
    AttentionProblem narrow = AttentionProblem.of(x, x, x).build();
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> scalar.forward(narrow, new DensePlan()));
    assertEquals("q is held as F32: the scalar engine wants F64", refusal.getMessage());
  }

  @Test
  void wants_a_cotangent_of_the_shape_of_the_output() {
    AttentionProblem problem = problem().build();
    Forward forward = scalar.forward(problem, new DensePlan());
    Tensor wrong = Tensor.zeros(Shape.of(1, 1, 2, 3));
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> scalar.backward(problem, new DensePlan(), forward, wrong, null));
    assertEquals("d_out has shape [1, 1, 2, 3]: [1, 1, 3, 2] is needed", refusal.getMessage());
  }

  @Test
  void wants_the_lse_back_for_the_backward() {
    AttentionProblem problem = problem().build();
    Tensor out = scalar.forward(problem, new DensePlan()).out();
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> scalar.backward(problem, new DensePlan(), new Forward(out, null), out, null));
    assertEquals("the backward of a dense plan needs lse", refusal.getMessage());
  }
}
