package dev.assay.gradcheck.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Var;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Thresholds, choices and surrogates under finite differences. */
class KinksTest {
  private static final Differences DIFFERENCES = new Differences(3, 4);

  private static Subject subject(String name, UnaryOperator<Var> f, double... x) {
    return new Subject(
        name,
        List.of("x"),
        List.of(Tensor.of(Shape.of(x.length), x)),
        (tape, point) -> {
          Var leaf = tape.leaf("x", point.getFirst());
          Var y = f.apply(leaf);
          return new Recording(tape, List.of(leaf), List.of(y), Kinks.distance(tape));
        });
  }

  private static Tally run(Subject subject) {
    return DIFFERENCES.run(subject, new Directions(3, subject.name()));
  }

  @Test
  void a_stencil_that_would_cross_a_kink_is_refused_and_not_counted() {
    Tally tally = run(subject("at the kink", Composed::relu, 1e-9));
    assertEquals(0, tally.checked());
    assertEquals(4, tally.refused());
    assertTrue(tally.remarks().getFirst().contains("crosses a kink"), tally.remarks().toString());
  }

  @Test
  void near_a_kink_the_stencil_shrinks_until_it_fits() {
    Tally tally = run(subject("near the kink", x -> Ops.mul(x, Composed.relu(x)), 1e-3, -1));
    assertEquals(0, tally.failed(), tally.mismatches().toString());
    assertEquals(5, tally.checked(), tally.remarks().toString());
  }

  @Test
  void the_distance_to_the_nearest_threshold_is_known() {
    assertEquals(0.25, subject("margin", x -> Ops.step(x, 1), 0.5, 1.25, 3).record().margin());
  }

  @Test
  void a_choice_that_another_point_would_make_otherwise_is_a_kink() {
    Subject first = subject("a close race", Composed::max, 1, 1 + 1e-9);
    assertEquals(0, run(first).checked());
    Subject clear = subject("a clear race", Composed::max, 1, 2);
    assertEquals(0, run(clear).refused());
  }

  @Test
  void straight_through_is_judged_on_its_surrogate() {
    UnaryOperator<Var> gate =
        x -> {
          Var soft = Ops.sigmoid(x);
          return Ops.mul(x, Ops.exp(Ops.straightThrough(Ops.step(soft, 0.5), soft)));
        };
    Tally tally = run(subject("gate", gate, -1, 0.5, 2));
    assertEquals(0, tally.failed(), tally.mismatches().toString());
    assertEquals(6, tally.checked(), tally.remarks().toString());
  }

  @Test
  void what_is_detached_stays_where_it_is() {
    Tally tally =
        run(subject("detached", x -> Ops.mul(x, Ops.exp(Ops.detach(Ops.mul(x, x)))), 1, -0.5));
    assertEquals(0, tally.failed(), tally.mismatches().toString());
    assertEquals(5, tally.checked(), tally.remarks().toString());
  }

  @Test
  void a_dependence_that_the_tape_does_not_see_is_found() {
    UnaryOperator<Var> leak = x -> Ops.add(x, x.tape().leaf("shift", x.value()));
    assertTrue(run(subject("leak", leak, 1, 2)).failed() > 0);
  }

  @Test
  void a_function_that_is_not_finite_there_is_refused() {
    Tally tally = run(subject("log below zero", Ops::log, -1));
    assertEquals(0, tally.checked());
    assertTrue(tally.refused() > 0);
  }
}
