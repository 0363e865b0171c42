package dev.assay.accelerated.simd;

import dev.assay.plan.FeaturePlan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.RecurrentPlan.Rule;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Features and recurrences of shapes and lengths that nobody thought of. */
class LinearPlansProperties {
  @Property(tries = 120, seed = "31")
  void features_are_within_their_bounds(
      @ForAll @IntRange(min = 1, max = 200) int queries,
      @ForAll @IntRange(min = 1, max = 200) int keys,
      @ForAll @IntRange(min = 1, max = 40) int depth,
      @ForAll @IntRange(min = 1, max = 40) int channels,
      @ForAll @IntRange(min = 1, max = 3) int group,
      @ForAll int seed,
      @ForAll @IntRange(max = 15) int features) {
    LinearProblems problems = new LinearProblems(new Draw(seed), 2, 2, group, depth, channels);
    ProblemBuilder problem = problems.features(queries, keys).causal((features & 1) != 0);
    if ((features & 2) != 0) {
      problem.keyLengths((seed & 0xFFFF) % (keys + 1), (seed >>> 16) % (keys + 1));
    }
    if ((features & 4) != 0) {
      problem.offset((seed & 511) - 256, (seed >>> 9 & 511) - 256);
    }
    FeaturePlan plan = new FeaturePlan((features & 8) != 0 ? 0 : 0.5);
    new Trial("features " + features, problem.build(), plan, seed).holds(new SimdEngine(2));
  }

  @Property(tries = 120, seed = "32")
  void recurrences_are_within_their_bounds(
      @ForAll @IntRange(min = 1, max = 200) int tokens,
      @ForAll @IntRange(min = 1, max = 40) int depth,
      @ForAll @IntRange(min = 1, max = 40) int channels,
      @ForAll @IntRange(min = 1, max = 3) int group,
      @ForAll int seed,
      @ForAll Rule rule,
      @ForAll boolean shorter) {
    LinearProblems problems = new LinearProblems(new Draw(seed), 2, 2, group, depth, channels);
    ProblemBuilder problem = problems.recurrence(tokens);
    if (shorter) {
      int[] lengths = {(seed & 0xFFFF) % (tokens + 1), (seed >>> 16) % (tokens + 1)};
      problem.queryLengths(lengths).keyLengths(lengths);
    }
    new Trial(rule.toString(), problem.build(), problems.plan(rule, tokens), seed)
        .holds(new SimdEngine(2));
  }
}
