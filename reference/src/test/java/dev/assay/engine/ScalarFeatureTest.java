package dev.assay.engine;

import static dev.assay.engine.Agreement.REARRANGED;
import static dev.assay.engine.Agreement.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

/** Attention through features. */
class ScalarFeatureTest {
  private static final Draws DRAWS = new Draws(13);

  private final Engine scalar = new ScalarEngine();

  private static ProblemBuilder problem() {
    return AttentionProblem.of(
        DRAWS.positive(1, 1, 2, 4, 3), DRAWS.positive(2, 1, 1, 6, 3), DRAWS.bell(3, 1, 1, 6, 2));
  }

  private static Tensor definition(
      AttentionProblem problem, double guard, IntBinaryOperator allowed) {
    return Tensor.generate(
        problem.outShape(),
        p -> {
          int[] at = problem.outShape().index(p);
          double above = 0;
          double below = 0;
          for (int j = 0; j < problem.keys(); j++) {
            double weight = 0;
            for (int c = 0; c < problem.depth(); c++) {
              weight += problem.q().at(0, at[1], at[2], c) * problem.k().at(0, 0, j, c);
            }
            weight *= allowed.applyAsInt(at[2], j);
            above += weight * problem.v().at(0, 0, j, at[3]);
            below += weight;
          }
          return below + guard == 0 ? 0 : above / (below + guard);
        });
  }

  @Test
  void is_the_normalised_sum_over_all_keys() {
    AttentionProblem problem = problem().build();
    Forward forward = scalar.forward(problem, new FeaturePlan(0));
    assertClose(REARRANGED, definition(problem, 0, (i, j) -> 1), forward.out());
    assertNull(forward.lse());
  }

  @Test
  void does_not_scale_the_features() {
    AttentionProblem scaled = problem().scale(100).build();
    Forward forward = scalar.forward(scaled, new FeaturePlan(1));
    assertClose(REARRANGED, definition(scaled, 1, (i, j) -> 1), forward.out());
  }

  @Test
  void keeps_to_the_causal_frontier_and_the_lengths() {
    AttentionProblem problem = problem().causal(true).offset(-1).keyLengths(2).build();
    Forward forward = scalar.forward(problem, new FeaturePlan(0.5));
    assertClose(
        REARRANGED, definition(problem, 0.5, (i, j) -> j <= i - 1 && j < 2 ? 1 : 0), forward.out());
  }

  @Test
  void a_denominator_of_zero_gives_zero() {
    AttentionProblem zero =
        problem()
            .build()
            .with(
                Tensor.zeros(Shape.of(1, 2, 4, 3)),
                problem().build().k(),
                problem().build().v(),
                null)
            .build();
    Forward forward = scalar.forward(zero, new FeaturePlan(0));
    for (int p = 0; p < forward.out().size(); p++) {
      assertEquals(0, forward.out().get(p));
    }
  }
}
