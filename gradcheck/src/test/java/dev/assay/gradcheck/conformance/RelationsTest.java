package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relations between results hold for right ones, and each kind of break is found. */
class RelationsTest {
  private static final String BASE = "relation/base";

  @TempDir private Path folder;

  private static List<GoldenCase> family() {
    return HandedIn.SUITE.cases().stream().filter(c -> c.family().equals("relation")).toList();
  }

  private HandedIn right() throws IOException {
    HandedIn set = new HandedIn(folder, PrecisionClass.F32_FLASH);
    for (GoldenCase golden : family()) {
      set.put(golden.name(), HandedIn.right(golden.name()));
    }
    return set;
  }

  private static String cases(RunVerdict run) {
    return run.subjects().getFirst().cases().toString();
  }

  @Test
  void right_results_fit_each_other_in_every_relation() throws IOException {
    int all = HandedIn.SUITE.relations().size();
    assertTrue(all >= 10, all + " relations");
    RunVerdict run = right().verify(family(), Map.of(), true);
    assertFalse(run.failed(), run.toString());
    assertTrue(
        run.notes()
            .contains("f32-flash: %d of %d relations between results hold".formatted(all, all)),
        run.notes().toString());
  }

  /** Moves one result of a case by a last bit of binary32, which is within every bound. */
  private RunVerdict nudged(String name, String tensor) throws IOException {
    Map<String, Tensor> results = HandedIn.right(name);
    results.computeIfPresent(
        tensor, (_, t) -> HandedIn.changed(t, (_, x) -> (float) x + Math.ulp((float) x)));
    return right().put(name, results).verify(family(), Map.of(), true);
  }

  @Test
  void a_last_bit_breaks_a_relation_of_bits_though_every_bound_is_kept() throws IOException {
    RunVerdict run = nudged("relation/heads-swapped", "out");
    assertTrue(run.failed());
    assertTrue(cases(run).contains("relation heads-swapped: out does not fit"), cases(run));
  }

  @Test
  void a_last_bit_does_not_break_a_relation_of_bounds() throws IOException {
    assertFalse(nudged("relation/keys-permuted", "out").failed());
  }

  @Test
  void a_result_that_is_declared_nondeterministic_may_differ_in_bits() throws IOException {
    Map<String, Tensor> results = HandedIn.right("relation/queries-doubled");
    results.computeIfPresent(
        "dq", (_, t) -> HandedIn.changed(t, (_, x) -> (float) x + Math.ulp((float) x)));
    HandedIn set = right().put("relation/queries-doubled", results);
    assertTrue(set.verify(family(), Map.of(), true).failed());
    assertFalse(set.verify(family(), Map.of("nondeterministic", "dq"), true).failed());
  }

  @Test
  void each_relation_that_a_case_breaks_is_told_and_counted() throws IOException {
    Map<String, Tensor> results = HandedIn.right("relation/entries-repeated");
    results.computeIfPresent(
        "out", (_, t) -> HandedIn.changed(t, (at, x) -> at[0] == 0 ? x + 1 : x));
    RunVerdict run =
        right().put("relation/entries-repeated", results).verify(family(), Map.of(), true);
    for (String relation : List.of("entries-repeated", "entries-beside-another")) {
      assertTrue(cases(run).contains("relation " + relation + ": out does not fit"), cases(run));
    }
    int all = HandedIn.SUITE.relations().size();
    assertTrue(
        run.notes().getFirst().contains("%d of %d relations".formatted(all - 2, all)),
        run.notes().toString());
  }

  @Test
  void a_run_without_cases_of_relations_does_not_speak_of_them() {
    RunVerdict run =
        new Check(
                HandedIn.SUITE,
                List.of(HandedIn.SUITE.find("basic/causal-f32")),
                List.of(new ScalarEngine()),
                List.of(),
                null,
                new Replay("./assay", List.of("check")))
            .run(Progress.NONE);
    assertFalse(run.notes().toString().contains("relations"), run.notes().toString());
  }

  @Test
  void relations_of_results_that_are_absent_are_not_judged() throws IOException {
    HandedIn set = new HandedIn(folder, PrecisionClass.F32_FLASH);
    RunVerdict run = set.put(BASE, HandedIn.right(BASE)).verify(BASE);
    assertEquals(List.of(), run.notes());
  }
}
