package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.Engine;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The promise of {@link PoisonTest} where queries are few or have lists of their own: what is
 * masked has no influence, not on a single bit.
 */
@Tag("width")
class ScatteredPoisonTest {
  private static final Draw DRAW = new Draw(32);
  private static final Engine SIMD = new SimdEngine(2);
  private static final int QUERIES = 5;
  private static final int KEYS = 1100;
  private static final int POISONED = 70;
  private static final double[] POISONS = {
    Double.NaN, Float.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  /** Why key {@link #POISONED} does not count. */
  enum Reason {
    MASK {
      @Override
      void apply(ProblemBuilder builder) {
        builder.mask(keys(1, 0));
      }
    },
    BIAS {
      @Override
      void apply(ProblemBuilder builder) {
        builder.bias(keys(0.5, Double.NEGATIVE_INFINITY));
      }
    },
    LENGTH {
      @Override
      void apply(ProblemBuilder builder) {
        builder.keyLengths(POISONED);
      }
    };

    abstract void apply(ProblemBuilder builder);
  }

  private static Tensor keys(double others, double poisoned) {
    return Tensor.generate(Shape.of(1, 1, 1, KEYS), j -> j == POISONED ? poisoned : others);
  }

  private static Trial trial(Reason reason, boolean lists, double poison) {
    Tensor k = planted(DRAW.bell(2, 1, 1, KEYS, 20), poison);
    Tensor v = planted(DRAW.bell(3, 1, 1, KEYS, 12), poison);
    ProblemBuilder builder = AttentionProblem.of(DRAW.bell(1, 1, 2, QUERIES, 20), k, v).scale(8);
    reason.apply(builder);
    AttentionProblem problem = builder.build();
    Plan plan = lists ? everyKey(problem) : new DensePlan();
    return new Trial(reason + " " + poison, problem, plan, 1);
  }

  private static Tensor planted(Tensor tensor, double poison) {
    return Tensor.generate(
        tensor.shape(), p -> tensor.shape().index(p)[2] == POISONED ? poison : tensor.get(p));
  }

  private static Plan everyKey(AttentionProblem problem) {
    int rows = problem.lseShape().size();
    int[] rowPtr = new int[rows + 1];
    int[] keys = new int[rows * KEYS];
    int[] counts = new int[keys.length];
    for (int e = 0; e < keys.length; e++) {
      keys[e] = e % KEYS;
      counts[e] = 1;
      rowPtr[e / KEYS + 1] = e + 1;
    }
    return new GatherPlan(rowPtr, keys, counts);
  }

  @ParameterizedTest
  @EnumSource
  void a_masked_key_has_no_influence_on_few_queries(Reason reason) {
    holds(reason, false);
  }

  @ParameterizedTest
  @EnumSource
  void a_masked_key_has_no_influence_through_lists(Reason reason) {
    holds(reason, true);
  }

  @Test
  void a_list_of_masked_logits_is_an_empty_row() {
    Tensor k = Tensor.generate(Shape.of(1, 1, 1, 1), p -> Double.NEGATIVE_INFINITY);
    Tensor one = Tensor.generate(Shape.of(1, 1, 1, 1), p -> 1);
    AttentionProblem problem = AttentionProblem.of(one, k, one).build();
    Plan plan = new GatherPlan(new int[] {0, 1}, new int[] {0}, new int[] {1});
    new Trial("one key of -inf", problem, plan, 1).holds(SIMD);
  }

  private static void holds(Reason reason, boolean lists) {
    SequencedMap<String, Tensor> clean = trial(reason, lists, 1).results(SIMD);
    for (double poison : POISONS) {
      trial(reason, lists, poison)
          .results(SIMD)
          .forEach(
              (result, value) ->
                  assertTrue(
                      value.bitEquals(Objects.requireNonNull(clean.get(result))),
                      () -> reason + ", " + poison + ": " + result));
    }
  }
}
