package dev.assay.gradcheck.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reports of real faults that cases guard against. */
class GuardsTest {
  @Test
  void most_reports_are_named_by_a_case_that_is_shown_to_find_their_fault() throws IOException {
    ReplayedFaults shown = ReplayedFaults.of(GoldenFolder.SOURCE);
    long proven =
        Suite.load(GoldenFolder.SOURCE).cases().stream()
            .filter(one -> GoldenWriter.isOfCore(one.family()))
            .filter(one -> !shown.of(one.name(), List.of()).isEmpty())
            .peek(one -> assertTrue(one.guards().containsAll(shown.of(one.name(), List.of()))))
            .count();
    assertTrue(proven >= 120, proven + " cases of the core guard by proof");
  }

  @Test
  void a_report_is_a_project_and_a_number() throws IOException {
    for (GoldenCase one : Suite.load(GoldenFolder.SOURCE).cases()) {
      one.guards().forEach(g -> assertTrue(g.matches("[\\w.-]+/[\\w.-]+#[1-9]\\d*"), g));
      assertEquals(one.guards().stream().distinct().toList(), one.guards(), one.name());
      assertFalse(one.comment().isBlank(), one.name());
    }
  }
}
