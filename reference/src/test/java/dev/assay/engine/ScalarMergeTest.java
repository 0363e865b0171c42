package dev.assay.engine;

import static dev.assay.engine.Agreement.REARRANGED;
import static dev.assay.engine.Agreement.assertClose;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Joins of several attentions. */
class ScalarMergeTest {
  private static final Draws DRAWS = new Draws(15);
  private static final Tensor Q = DRAWS.bell(1, 1, 2, 4, 3);
  private static final Tensor K = DRAWS.bell(2, 1, 2, 6, 3);
  private static final Tensor V = DRAWS.bell(3, 1, 2, 6, 2);
  private static final DensePlan DENSE = new DensePlan();

  private final Engine scalar = new ScalarEngine();

  private static AttentionProblem whole() {
    return AttentionProblem.of(Q, K, V).build();
  }

  /** The keys whose index leaves this rest modulo the number of parts. */
  private static AttentionProblem part(int parts, int rest) {
    Tensor mask = Tensor.generate(Shape.of(1, 1, 1, 6), j -> j % parts == rest ? 1 : 0);
    return AttentionProblem.of(Q, K, V).mask(mask).build();
  }

  private static MergePlan join(@Nullable Tensor gates, AttentionProblem... problems) {
    return new MergePlan(
        Arrays.stream(problems).map(problem -> new Branch(problem, DENSE)).toList(), gates);
  }

  private Forward forward(MergePlan plan) {
    return scalar.forward(plan.branches().getFirst().problem(), plan);
  }

  @Test
  void a_split_key_set_joins_to_the_whole() {
    MergePlan plan = join(null, part(3, 0), part(3, 1), part(3, 2));
    assertClose(scalar.forward(whole(), DENSE), forward(plan));
  }

  @Test
  void gradients_of_the_parts_add_up_to_those_of_the_whole() {
    MergePlan plan = join(null, part(2, 0), part(2, 1));
    Tensor dOut = DRAWS.bell(4, 1, 2, 4, 2);
    Tensor dLse = DRAWS.bell(5, 1, 2, 4);
    Gradients parts = scalar.backward(part(2, 0), plan, forward(plan), dOut, dLse);
    Gradients once = scalar.backward(whole(), DENSE, scalar.forward(whole(), DENSE), dOut, dLse);
    for (String name : List.of("dq", "dk", "dv")) {
      Tensor expected = once.get(name);
      Tensor sum =
          Tensor.generate(
              expected.shape(), p -> parts.get(name + "@0").get(p) + parts.get(name + "@1").get(p));
      assertClose(REARRANGED, expected, sum);
    }
  }

  @Test
  void a_branch_without_keys_adds_nothing_even_if_its_values_are_nan() {
    AttentionProblem empty =
        AttentionProblem.of(
                Q, Tensor.full(K.shape(), Double.NaN), Tensor.full(V.shape(), Double.NaN))
            .keyLengths(0)
            .build();
    assertClose(scalar.forward(whole(), DENSE), forward(join(null, whole(), empty)));
  }

  @Test
  void two_empty_branches_join_to_an_empty_row() {
    AttentionProblem empty = AttentionProblem.of(Q, K, V).keyLengths(0).build();
    Forward forward = forward(join(null, empty, empty));
    assertClose(REARRANGED, Tensor.zeros(Shape.of(1, 2, 4, 2)), forward.out());
    assertNotNull(forward.lse());
    assertClose(
        REARRANGED, Tensor.full(Shape.of(1, 2, 4), Double.NEGATIVE_INFINITY), forward.lse());
  }

  @Test
  void the_same_branch_twice_adds_log_two_to_the_lse() {
    Forward once = scalar.forward(whole(), DENSE);
    Forward twice = forward(join(null, whole(), whole()));
    assertClose(REARRANGED, once.out(), twice.out());
    assertNotNull(once.lse());
    Tensor lse = once.lse();
    assertClose(
        REARRANGED, Tensor.generate(lse.shape(), p -> lse.get(p) + StrictMath.log(2)), twice.lse());
  }

  @Test
  void gates_weigh_the_outputs() {
    Tensor gates = DRAWS.bell(6, 2, 1, 2, 4);
    Forward forward = forward(join(gates, part(2, 0), part(2, 1)));
    Tensor even = scalar.forward(part(2, 0), DENSE).out();
    Tensor odd = scalar.forward(part(2, 1), DENSE).out();
    Tensor expected =
        Tensor.generate(
            even.shape(), p -> gates.get(p / 2) * even.get(p) + gates.get(8 + p / 2) * odd.get(p));
    assertClose(REARRANGED, expected, forward.out());
    assertNull(forward.lse());
  }

  @Test
  void a_row_without_keys_is_zero_under_gates_whatever_gates_and_cotangents_hold() {
    AttentionProblem late = AttentionProblem.of(Q, K, V).causal(true).offset(-2).build();
    AttentionProblem linear =
        AttentionProblem.of(Q, K, V).causal(true).queryLengths(2).offset(0).build();
    Tensor gates = DRAWS.bell(7, 2, 1, 2, 4);
    Tensor dOut = DRAWS.bell(8, 1, 2, 4, 2);
    // Queries 0 and 1 of the first branch and 2 and 3 of the second have no keys.
    Tensor spoilt =
        Tensor.generate(gates.shape(), p -> (p < 8) == (p % 4 < 2) ? Double.NaN : gates.get(p));
    MergePlan clean = linearAndSoftmax(gates, late, linear);
    MergePlan poisoned = linearAndSoftmax(spoilt, late, linear);
    Agreement.assertSameBits(forward(clean).out(), forward(poisoned).out());
    Gradients expected = scalar.backward(late, clean, forward(clean), dOut, null);
    Gradients actual = scalar.backward(late, poisoned, forward(poisoned), dOut, null);
    expected
        .byName()
        .forEach((name, gradient) -> Agreement.assertSameBits(gradient, actual.get(name)));
  }

  private static MergePlan linearAndSoftmax(
      Tensor gates, AttentionProblem softmax, AttentionProblem linear) {
    return new MergePlan(
        List.of(new Branch(softmax, DENSE), new Branch(linear, new FeaturePlan(0))), gates);
  }

  @Test
  void a_cotangent_of_nan_in_a_row_without_keys_reaches_no_gate() {
    AttentionProblem late = AttentionProblem.of(Q, K, V).causal(true).offset(-2).build();
    Tensor gates = DRAWS.bell(9, 2, 1, 2, 4);
    Tensor dOut = DRAWS.bell(10, 1, 2, 4, 2);
    Tensor spoilt = Tensor.generate(dOut.shape(), p -> p / 2 % 4 < 2 ? Double.NaN : dOut.get(p));
    MergePlan plan = join(gates, late, late);
    Gradients expected = scalar.backward(late, plan, forward(plan), dOut, null);
    Gradients actual = scalar.backward(late, plan, forward(plan), spoilt, null);
    expected
        .byName()
        .forEach((name, gradient) -> Agreement.assertSameBits(gradient, actual.get(name)));
    assertTrue(Double.isFinite(actual.get("d_gates").get(0)));
  }
}
