package dev.assay.gradcheck.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What a join of normalised parts adds to the bounds, worked out by hand, and why it must. */
class JoinedPartsTest {
  private static final double U = 0x1p-24;
  private static final double TINY = Float.MIN_NORMAL;
  private static final double EXP_ULP = 4;

  /** Three keys in one tile. */
  private static final double SUMS = (3 + 1) * U;

  private static final double[] KEYS = {1, 2, -3};
  private static final double[] VALUES = {2, -1, 0.5};

  private final double[] logits = {1.5, 3, -4.5};
  private final double lse = 3 + Math.log(Math.exp(-1.5) + 1 + Math.exp(-7.5));
  private final double out = (Math.exp(-1.5) * 2 - 1 + Math.exp(-7.5) * 0.5) / Math.exp(lse - 3);

  /** One query of 1.5, three keys of one channel, scale 1: logits 1.5, 3, -4.5. */
  private SoftmaxForward bounds(boolean byLse) {
    Shape keys = Shape.of(1, 1, 3, 1);
    AttentionProblem problem =
        AttentionProblem.of(
                Tensor.of(Shape.of(1, 1, 1, 1), new double[] {1.5}),
                Tensor.of(keys, KEYS),
                Tensor.of(keys, VALUES))
            .scale(1)
            .build();
    return bounds(problem, out, byLse);
  }

  private static SoftmaxForward bounds(AttentionProblem problem, double out, boolean byLse) {
    Tensor bias = problem.bias();
    Operands x =
        new Operands(
            problem,
            new DensePlan(),
            new Known(problem.q(), null),
            new Known(problem.k(), null),
            new Known(problem.v(), null),
            bias == null ? null : new Known(bias, null));
    Rounding u = Rounding.of(PrecisionClass.F32_FLASH, new Declared(false, byLse));
    return new SoftmaxForward(x, Tensor.of(Shape.of(1, 1, 1, 1), new double[] {out}), u);
  }

  /** delta_j of section 7 of SPEC.md, with or without what section 9 adds. */
  private double delta(int j, boolean byLse) {
    double s = logits[j];
    double e = (1 + 3) * U * Math.abs(s) + TINY + U * 2 * Math.abs(s);
    double delta = e + U * Math.abs(s - 3) + 2 * EXP_ULP * U;
    double joined =
        6 * Math.max(Math.abs(s), Math.abs(lse))
            + Math.abs(s - lse)
            + (EXP_ULP + 1) * (2 * Math.log(3) + 1)
            + 2;
    return byLse ? delta + U * joined : delta;
  }

  /** {@code growth sum_j p_j rho_j}. */
  private double softmax(boolean byLse) {
    double rho = 0;
    for (int j = 0; j < 3; j++) {
      rho += p(j) * Math.expm1(delta(j, byLse));
    }
    return growth(byLse) * rho;
  }

  private double growth(boolean byLse) {
    double drift = 0;
    for (int j = 0; j < 3; j++) {
      drift += p(j) * delta(j, byLse);
    }
    return Math.exp(drift);
  }

  private double p(int j) {
    return Math.exp(logits[j] - lse);
  }

  private double expectedOut(boolean byLse) {
    double tiny = byLse ? TINY : 0;
    double error = Math.abs(out) * (softmax(byLse) + SUMS + U) + TINY + 3 * (TINY + 2 * tiny);
    for (int j = 0; j < 3; j++) {
      double own = growth(byLse) * p(j) * Math.expm1(delta(j, byLse)) + p(j) * (U + SUMS);
      error += (own + TINY * Math.exp(3 - lse) + tiny) * Math.abs(VALUES[j]);
    }
    return error;
  }

  private double expectedLse(boolean byLse) {
    return softmax(byLse) + SUMS + U * (2 * 3 + (EXP_ULP + 1) * (lse - 3) + lse);
  }

  @Test
  void the_bounds_are_those_of_the_formula() {
    for (boolean byLse : new boolean[] {false, true}) {
      SoftmaxForward bounds = bounds(byLse);
      // Both are computed in fp64, and differ by a few roundings of it.
      assertEquals(expectedOut(byLse), bounds.errorOut()[0], 1e-9 * expectedOut(byLse));
      assertEquals(expectedLse(byLse), bounds.errorLse()[0], 1e-9 * expectedLse(byLse));
    }
  }

  /**
   * 64 keys of logit 1000 in parts of one key: their LSEs are large, and nothing else is rounded.
   */
  @Test
  void a_join_of_parts_with_large_lses_has_wider_bounds_and_keeps_them() {
    int n = 64;
    Shape keys = Shape.of(1, 1, n, 1);
    AttentionProblem problem =
        AttentionProblem.of(
                Tensor.zeros(Shape.of(1, 1, 1, 1)),
                Tensor.zeros(keys),
                Tensor.generate(keys, _ -> 1))
            .bias(Tensor.generate(Shape.of(1, 1, 1, n), _ -> 1000))
            .build();
    double usual = bounds(problem, 1, false).errorOut()[0];
    double wider = bounds(problem, 1, true).errorOut()[0];
    float row = 1000 + (float) StrictMath.log(n);
    float joined = 0;
    for (int part = 0; part < n; part++) {
      joined += (float) StrictMath.exp(1000 - row);
    }
    double error = Math.abs(joined - 1.0);
    assertTrue(error > 100 * U, "the join errs by " + error);
    assertTrue(error <= wider, error + " of " + wider);
    assertTrue(wider > 1.5 * usual, wider + " after " + usual);
  }
}
