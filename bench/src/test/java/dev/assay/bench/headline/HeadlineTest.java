package dev.assay.bench.headline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Report;
import dev.assay.bench.report.Row;
import dev.assay.bench.report.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class HeadlineTest {
  private static final double NO_WARM_UP = 0;

  private final List<String> stages = new ArrayList<>();

  private Headline suite(String... only) {
    return new Headline(List.of(1, 2), 1, 1, NO_WARM_UP, List.of(only), Sizes.TINY, stages::add);
  }

  @Test
  void an_experiment_is_run_in_a_jvm_of_its_own_and_held_to_its_goal()
      throws IOException, InterruptedException {
    Report report = suite("sparse-band").run("command");
    assertEquals(2, report.rows().size(), "one row for each number of threads");
    for (Row row : report.rows()) {
      assertTrue(Objects.requireNonNull(row.value()).median() > 0, row::toString);
      assertTrue(Objects.requireNonNull(row.figure(Row.PEAK)) > 0, row::toString);
      assertEquals("", row.reason());
    }
    assertEquals(
        List.of("sparse-band, 1 thread, JVM 1 of 1", "sparse-band, 2 threads, JVM 1 of 1"), stages);
    assertFalse(report.points().isEmpty());
    assertFalse(report.settings().full());
  }

  /** The numbers that goals ask for are there, and the code of every experiment runs. */
  @TestFactory
  Stream<DynamicTest> every_experiment_measures_what_its_goals_ask_for() {
    return Experiments.all(Sizes.TINY).stream()
        .filter(experiment -> experiment.peer() == null && experiment.obstacle() == null)
        .filter(experiment -> !experiment.id().startsWith("dense-"))
        .map(
            experiment ->
                DynamicTest.dynamicTest(
                    experiment.id(),
                    () -> {
                      Sample sample = experiment.run(new Lab(1, NO_WARM_UP));
                      for (Goal goal : experiment.goals(1)) {
                        assertTrue(
                            sample.values().containsKey(goal.value()),
                            () -> goal.value() + " is not in " + sample.values());
                      }
                    }));
  }

  @Test
  void what_cannot_be_measured_says_why_and_nothing_is_started()
      throws IOException, InterruptedException {
    Report report = suite("libtorch").run("command");
    assertTrue(report.nothingMeasured());
    assertTrue(report.rows().getFirst().reason().startsWith("libtorch is not loaded"));
    assertEquals(List.of(), stages);
  }

  @Test
  void an_id_stands_for_all_that_begin_with_it() {
    assertEquals(
        List.of("dense-2048", "dense-4096", "dense-8192"),
        Experiments.chosen(List.of("dense"), Sizes.FULL).stream().map(Experiment::id).toList());
    var failure = assertThrows(IllegalArgumentException.class, () -> suite("den"));
    assertTrue(String.valueOf(failure.getMessage()).contains("chunks-linear"));
  }

  @Test
  void numbers_below_one_are_refused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Headline(List.of(0), 1, 1, 0, List.of(), Sizes.TINY, stages::add));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Headline(List.of(1), 0, 1, 0, List.of(), Sizes.TINY, stages::add));
  }

  @Test
  void wrong_results_are_a_failure_and_no_number() {
    Trial trial = new Trial(new Fp64MatMul(List.of(8)), 1, null);
    trial.add(Sample.ofWrong("wrong results of simd"));
    assertEquals("wrong results of simd", trial.failure());
    assertEquals(List.of(), trial.points());
  }

  @Test
  void numbers_of_several_jvms_become_medians_and_a_spread() {
    Trial trial = new Trial(new Fp64MatMul(List.of(8)), 1, null);
    for (double share : new double[] {0.7, 0.9, 0.8}) {
      trial.add(new Sample().put(Row.SHARE, share));
    }
    assertEquals(Map.of(Row.SHARE, 0.8), trial.medians());
    assertEquals(0.7, trial.spread(Row.SHARE).low());
    assertEquals(0.9, trial.spread(Row.SHARE).high());
    Goal goal = Goal.share(Row.SHARE, "x", 0.72, 0.85);
    assertEquals(
        Verdict.REACHED,
        Row.measured("x", goal, 1, trial.spread(Row.SHARE), trial.medians()).verdict());
  }
}
