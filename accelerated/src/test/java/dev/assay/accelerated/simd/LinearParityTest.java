package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Paging;
import dev.assay.plan.Ragged;
import dev.assay.plan.RecurrentPlan.Rule;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Features and recurrences in all that they can be asked for, around every border of a tile. */
@Tag("width")
class LinearParityTest {
  private static final int[] LENGTHS = {0, 1, 63, 64, 65, 200};
  private static final int[][] CHANNELS = {{1, 1}, {1, 31}, {7, 33}, {33, 80}, {80, 1}, {64, 64}};
  private static final Draw DRAW = new Draw(31);

  static Stream<Trial> features() {
    List<Trial> trials = new ArrayList<>();
    LinearProblems few = new LinearProblems(DRAW, 1, 1, 2, 8, 5);
    for (int queries : LENGTHS) {
      for (int keys : LENGTHS) {
        trials.add(few.features("causal", queries, keys, true, 0.25));
        trials.add(few.features("all", queries, keys, false, 0));
      }
    }
    for (int[] channels : CHANNELS) {
      LinearProblems problems = new LinearProblems(DRAW, 1, 1, 1, channels[0], channels[1]);
      trials.add(
          problems.features("d %d d_v %d".formatted(channels[0], channels[1]), 67, 131, true, 0.1));
    }
    return trials.stream();
  }

  static Stream<Trial> predicates() {
    LinearProblems two = new LinearProblems(DRAW, 2, 2, 2, 12, 9);
    FeaturePlan plan = new FeaturePlan(0.1);
    return Stream.of(
        Trial.of("offsets", two.features(100, 150).causal(true).offset(-7, 90), plan),
        Trial.of("far offsets", two.features(70, 90).causal(true).offset(-500, 1 << 30), plan),
        Trial.of(
            "largest offset",
            two.features(70, 90).causal(true).offset(Integer.MAX_VALUE, Integer.MAX_VALUE),
            plan),
        Trial.of(
            "lengths",
            two.features(130, 150).causal(true).queryLengths(130, 64).keyLengths(129, 0),
            plan));
  }

  static Stream<Trial> ragged() {
    List<Trial> trials = new ArrayList<>();
    LinearProblems one = new LinearProblems(DRAW, 1, 2, 2, 10, 6);
    Ragged uneven = new Ragged(new int[] {0, 70, 70, 75, 200}, new int[] {0, 1, 66, 66, 196});
    trials.add(
        Trial.of(
            "ragged features",
            one.features(200, 196).causal(true).ragged(uneven),
            new FeaturePlan(0.1)));
    int[] cu = {0, 64, 64, 65, 195};
    for (Rule rule : Rule.values()) {
      trials.add(
          Trial.of(
              "ragged " + rule,
              one.recurrence(195).ragged(new Ragged(cu, cu)),
              one.plan(rule, 195)));
    }
    return trials.stream();
  }

  /** Two entries of the batch share a page. */
  static Stream<Trial> paged() {
    Paging pages = new Paging(new int[][] {{3, 1, 4, 0}, {2, 1, 5, -1}}, 20);
    LinearProblems pool = new LinearProblems(DRAW, 6, 2, 2, 10, 6);
    LinearProblems two = new LinearProblems(DRAW, 2, 2, 2, 10, 6);
    AttentionProblem held = pool.recurrence(20).build();
    List<Trial> trials = new ArrayList<>();
    trials.add(
        Trial.of(
            "paged features",
            AttentionProblem.of(
                    two.features(90, 1).build().q(), LinearProblems.positive(held.k(), 0), held.v())
                .paging(pages)
                .keyLengths(75, 45)
                .causal(true),
            new FeaturePlan(0.1)));
    for (Rule rule : Rule.values()) {
      Tensor q = two.recurrence(80).build().q();
      trials.add(
          Trial.of(
              "paged " + rule,
              AttentionProblem.of(q, held.k(), held.v())
                  .paging(pages)
                  .queryLengths(75, 45)
                  .keyLengths(75, 45),
              two.plan(rule, 80)));
    }
    return trials.stream();
  }

  static Stream<Trial> recurrences() {
    List<Trial> trials = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      for (int tokens : LENGTHS) {
        trials.add(new LinearProblems(DRAW, 2, 1, 2, 8, 5).recurrence(rule, tokens));
      }
      for (int[] channels : CHANNELS) {
        trials.add(
            new LinearProblems(DRAW, 1, 1, 1, channels[0], channels[1]).recurrence(rule, 67));
      }
      LinearProblems two = new LinearProblems(DRAW, 2, 2, 3, 12, 9);
      trials.add(
          Trial.of(
              "lengths " + rule,
              two.recurrence(100).queryLengths(100, 65).keyLengths(100, 65).scale(0.5),
              two.plan(rule, 100)));
    }
    return trials.stream();
  }

  @ParameterizedTest
  @MethodSource({"features", "predicates", "ragged", "paged", "recurrences"})
  void every_element_is_within_its_bound(Trial trial) {
    trial.holds(new SimdEngine(2));
  }

  static Stream<Trial> larger() {
    LinearProblems problems = new LinearProblems(DRAW, 1, 2, 2, 16, 16);
    return Stream.concat(
        Stream.of(problems.features("causal", 140, 200, true, 0.1)),
        Stream.of(Rule.values()).map(rule -> problems.recurrence(rule, 140)));
  }

  @ParameterizedTest
  @MethodSource("larger")
  void bits_do_not_depend_on_the_number_of_threads(Trial trial) {
    for (int threads : new int[] {2, 3, 7}) {
      trial.sameBits(new SimdEngine(1), new SimdEngine(threads));
    }
  }

  @ParameterizedTest
  @MethodSource("larger")
  void bits_do_not_change_while_the_code_gets_compiled(Trial trial) {
    SimdEngine engine = new SimdEngine(2);
    for (int run = 0; run < 3; run++) {
      trial.sameBits(engine, engine);
    }
  }
}
