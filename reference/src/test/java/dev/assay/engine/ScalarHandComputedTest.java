package dev.assay.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.Gradients;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Rows small enough to be worked out on paper. */
class ScalarHandComputedTest {
  private static final double LN3 = StrictMath.log(3);

  /** Rounding of exp, log and one division. */
  private static final double LAST_BITS = 4e-16;

  private final Engine scalar = new ScalarEngine();

  /** One query 1, keys 0 and ln 3, values 10 and 2: weights 1/4 and 3/4. */
  private static ProblemBuilder quarters() {
    return AttentionProblem.of(
            Tensor.of(Shape.of(1, 1, 1, 1), 1),
            Tensor.of(Shape.of(1, 1, 2, 1), 0, LN3),
            Tensor.of(Shape.of(1, 1, 2, 1), 10, 2))
        .scale(1);
  }

  private double out(AttentionProblem problem) {
    return scalar.forward(problem, new DensePlan()).out().get(0);
  }

  private double lse(AttentionProblem problem) {
    Tensor lse = scalar.forward(problem, new DensePlan()).lse();
    assertNotNull(lse);
    return lse.get(0);
  }

  @Test
  void weights_are_one_to_three() {
    assertEquals(4, out(quarters().build()), 10 * LAST_BITS);
  }

  @Test
  void lse_is_the_natural_log_of_the_sum() {
    assertEquals(StrictMath.log(4), lse(quarters().build()), LAST_BITS);
  }

  @Test
  void bias_is_added_to_the_logit() {
    AttentionProblem even = quarters().bias(Tensor.of(Shape.of(1, 1, 1, 2), LN3, 0)).build();
    assertEquals(6, out(even), 10 * LAST_BITS);
  }

  @Test
  void softcap_comes_before_the_bias() {
    AttentionProblem capped =
        quarters().softcap(0.5).bias(Tensor.of(Shape.of(1, 1, 1, 2), 2, 0)).build();
    double second = 0.5 * StrictMath.tanh(LN3 / 0.5);
    double weight = StrictMath.exp(2) / (StrictMath.exp(2) + StrictMath.exp(second));
    assertEquals(10 * weight + 2 * (1 - weight), out(capped), 20 * LAST_BITS);
  }

  @Test
  void dropout_scales_what_it_keeps_and_leaves_the_sum_alone() {
    AttentionProblem dropped =
        quarters().dropout(Tensor.of(Shape.of(1, 1, 1, 2), 0, 1), 0.5).build();
    assertEquals(0.75 * 2 / 0.5, out(dropped), 10 * LAST_BITS);
    assertEquals(StrictMath.log(4), lse(dropped), LAST_BITS);
  }

  @Test
  void a_key_listed_three_times_weighs_three_times() {
    AttentionProblem even = quarters().scale(0).build();
    GatherPlan thrice = new GatherPlan(new int[] {0, 2}, new int[] {0, 1}, new int[] {1, 3});
    Forward forward = scalar.forward(even, thrice);
    assertEquals(4, forward.out().get(0), 10 * LAST_BITS);
    assertNotNull(forward.lse());
    assertEquals(StrictMath.log(4), forward.lse().get(0), LAST_BITS);
  }

  @Test
  void a_row_without_keys_is_zero_with_an_lse_of_minus_infinity() {
    AttentionProblem empty = quarters().mask(Tensor.zeros(Shape.of(1, 1, 1, 2))).build();
    assertEquals(0, out(empty));
    assertEquals(Double.NEGATIVE_INFINITY, lse(empty));
  }

  @Test
  void logits_of_minus_infinity_count_as_masked() {
    AttentionProblem infinite =
        AttentionProblem.of(
                Tensor.of(Shape.of(1, 1, 1, 1), 1),
                Tensor.of(Shape.of(1, 1, 2, 1), Double.NEGATIVE_INFINITY, 5),
                Tensor.of(Shape.of(1, 1, 2, 1), Double.NaN, 2))
            .build();
    assertEquals(2, out(infinite));
    assertEquals(5, lse(infinite));
  }

  @Test
  void huge_logits_do_not_overflow() {
    AttentionProblem huge = quarters().scale(1e300).build();
    assertEquals(2, out(huge));
    assertEquals(1e300 * LN3, lse(huge));
  }

  @Test
  void gradients_are_those_worked_out_on_paper() {
    AttentionProblem problem = quarters().build();
    Forward forward = scalar.forward(problem, new DensePlan());
    Tensor one = Tensor.full(Shape.of(1, 1, 1, 1), 1);
    Tensor half = Tensor.full(Shape.of(1, 1, 1), 0.5);
    Gradients gradients = scalar.backward(problem, new DensePlan(), forward, one, half);
    // ds = p (v - out + dL): 1/4 (10 - 4 + 1/2) and 3/4 (2 - 4 + 1/2)
    double ds0 = 6.5 / 4;
    double ds1 = -4.5 / 4;
    assertEquals(ds1 * LN3, gradients.get("dq").get(0), 20 * LAST_BITS);
    assertEquals(ds0, gradients.get("dk").get(0), 20 * LAST_BITS);
    assertEquals(ds1, gradients.get("dk").get(1), 20 * LAST_BITS);
    assertEquals(0.25, gradients.get("dv").get(0), LAST_BITS);
    assertEquals(0.75, gradients.get("dv").get(1), LAST_BITS);
  }

  @Test
  void an_admissible_nan_reaches_output_and_lse() {
    AttentionProblem poisoned =
        quarters().bias(Tensor.of(Shape.of(1, 1, 1, 2), Double.NaN, 0)).build();
    assertTrue(Double.isNaN(out(poisoned)));
    assertTrue(Double.isNaN(lse(poisoned)));
  }

  @Test
  void an_admissible_nan_value_spoils_the_output_alone() {
    AttentionProblem poisoned =
        AttentionProblem.of(
                Tensor.of(Shape.of(1, 1, 1, 1), 1),
                Tensor.of(Shape.of(1, 1, 2, 1), 0, -2000),
                Tensor.of(Shape.of(1, 1, 2, 1), 10, Double.NaN))
            .scale(1)
            .build();
    assertTrue(Double.isNaN(out(poisoned)), "a weight that underflows to 0 is still multiplied");
    assertEquals(0, lse(poisoned));
  }
}
