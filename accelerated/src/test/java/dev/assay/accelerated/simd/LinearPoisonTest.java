package dev.assay.accelerated.simd;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.Engine;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Paging;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.RecurrentPlan.Rule;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Features and recurrences: what is unused has no influence on a single bit, what is admissible
 * passes its NaN or infinity on exactly as pairs would, though states mix tokens.
 */
@Tag("width")
class LinearPoisonTest {
  private static final Draw DRAW = new Draw(33);
  private static final Engine SIMD = new SimdEngine(2);
  private static final LinearProblems TWO = new LinearProblems(DRAW, 2, 1, 2, 16, 12);
  private static final List<Double> POISONS =
      List.of(Double.NaN, 1e30, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  /** The tensor with a number in the rows that are asked for, of all batch entries and heads. */
  private static Tensor rows(Tensor tensor, double number, IntPredicate chosen) {
    return Tensor.generate(
        tensor.shape(), p -> chosen.test(tensor.shape().index(p)[2]) ? number : tensor.get(p));
  }

  private static ProblemBuilder poisoned(
      ProblemBuilder clean, double number, IntPredicate queries, IntPredicate keys) {
    AttentionProblem problem = clean.build();
    return problem.with(
        rows(problem.q(), number, queries),
        rows(problem.k(), number, keys),
        rows(problem.v(), number, keys),
        null);
  }

  /** Asserts that both trials give the same bits where the first has a number that is not 0. */
  private static void sameBits(Trial clean, Trial poisoned) {
    var expected = clean.results(SIMD);
    poisoned
        .results(SIMD)
        .forEach(
            (name, value) ->
                assertTrue(
                    value.bitEquals(requireNonNull(expected.get(name))),
                    () -> poisoned.name() + ": " + name + " changed"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void features_behind_lengths_and_frontier_are_not_seen(boolean causal) {
    Plan plan = new FeaturePlan(0.1);
    ProblemBuilder clean =
        TWO.features(90, 150)
            .causal(causal)
            .offset(10, 3)
            .queryLengths(80, 80)
            .keyLengths(140, 140);
    int keys = causal ? 90 : 140;
    for (double poison : POISONS) {
      sameBits(
          Trial.of("clean", clean, plan),
          Trial.of("" + poison, poisoned(clean, poison, i -> i >= 80, j -> j >= keys), plan));
    }
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void tokens_behind_a_length_are_not_seen(Rule rule) {
    ProblemBuilder clean = TWO.recurrence(90).queryLengths(70, 70).keyLengths(70, 70);
    for (double poison : POISONS) {
      ProblemBuilder poisoned = poisoned(clean, poison, i -> i >= 70, j -> j >= 70);
      sameBits(
          Trial.of("clean", clean, TWO.plan(rule, 90)),
          Trial.of(rule + " " + poison, poisoned, TWO.plan(rule, 90)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pages_of_nobody_and_the_rest_of_the_last_page_are_not_seen(boolean recurrent) {
    Paging pages = new Paging(new int[][] {{3, 1, -7}}, 20);
    LinearProblems one = new LinearProblems(DRAW, 1, 2, 2, 16, 12);
    AttentionProblem pool = new LinearProblems(DRAW, 5, 2, 1, 16, 12).recurrence(20).build();
    Plan plan = recurrent ? one.plan(Rule.GATED_DELTA, 60) : new FeaturePlan(90);
    Tensor q = one.recurrence(60).build().q();
    Trial clean = paged(q, pool.k(), pool.v(), pages, plan);
    for (double poison : POISONS) {
      sameBits(clean, paged(q, unused(pool.k(), poison), unused(pool.v(), poison), pages, plan));
    }
  }

  private static Trial paged(Tensor q, Tensor k, Tensor v, Paging pages, Plan plan) {
    ProblemBuilder problem = AttentionProblem.of(q, k, v).paging(pages);
    return Trial.of("paged", problem.queryLengths(33).keyLengths(33), plan);
  }

  /** Pages 0, 2 and 4, and page 1 from slot 13 on. */
  private static Tensor unused(Tensor pool, double poison) {
    return Tensor.generate(
        pool.shape(),
        p -> {
          int[] at = pool.shape().index(p);
          return at[0] % 2 == 0 || (at[0] == 1 && at[2] >= 13) ? poison : pool.get(p);
        });
  }

  static Stream<Trial> planted() {
    return Stream.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)
        .flatMap(
            number ->
                Stream.of(1, 2, 3)
                    .flatMap(
                        tensor ->
                            Stream.concat(
                                Stream.of(
                                    planted(
                                        TWO.features(150, 150).causal(true),
                                        new FeaturePlan(0.1),
                                        tensor,
                                        number)),
                                Stream.of(Rule.values())
                                    .map(
                                        rule ->
                                            planted(
                                                TWO.recurrence(150),
                                                TWO.plan(rule, 150),
                                                tensor,
                                                number)))));
  }

  /** A number at channel 3 of token 70 of q, k or v, in the first batch entry. */
  private static Trial planted(ProblemBuilder clean, Plan plan, int tensor, double number) {
    AttentionProblem x = clean.build();
    return Trial.of(
        plan.kind() + " " + number + " in tensor " + tensor,
        x.with(
            tensor == 1 ? plant(x.q(), number) : x.q(),
            tensor == 2 ? plant(x.k(), number) : x.k(),
            tensor == 3 ? plant(x.v(), number) : x.v(),
            null),
        plan);
  }

  private static Tensor plant(Tensor tensor, double number) {
    int at = 70 * tensor.shape().extent(3) + 3;
    return Tensor.generate(tensor.shape(), p -> p == at ? number : tensor.get(p));
  }

  @ParameterizedTest
  @MethodSource("planted")
  void what_is_admissible_is_passed_on_as_the_reference_passes_it_on(Trial trial) {
    trial.holds(SIMD);
    Tensor out = requireNonNull(trial.results(SIMD).get("out"));
    int first = 0;
    while (first < out.size() && Double.isFinite(out.get(first))) {
      first++;
    }
    assertTrue(first == out.size() || first >= 70 * 12, "an earlier token saw it");
  }
}
