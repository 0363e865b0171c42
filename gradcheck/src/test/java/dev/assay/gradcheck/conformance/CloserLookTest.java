package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which failing cases are looked at closely depends on their order, not on who was faster. */
class CloserLookTest {
  private static final int CASES = 18;
  private static final int CLOSELY = 12;

  @TempDir private Path folder = Path.of("");

  @Test
  void the_first_twelve_failing_cases_of_the_suite_have_a_stage() throws IOException {
    List<GoldenCase> cases =
        HandedIn.SUITE.cases().stream()
            .filter(golden -> golden.classes().contains("f32-flash"))
            .filter(golden -> golden.family().equals("heads") || golden.family().equals("basic"))
            .limit(CASES)
            .toList();
    HandedIn set = new HandedIn(folder, PrecisionClass.F32_FLASH);
    for (GoldenCase golden : cases) {
      Map<String, Tensor> results = HandedIn.right(golden.name());
      results.computeIfPresent("out", (_, out) -> HandedIn.changed(out, (_, x) -> 2 * x));
      set.put(golden.name(), results);
    }
    List<CaseVerdict> verdicts = set.verify(cases, Map.of(), true).subjects().getFirst().cases();
    int failing = 0;
    for (CaseVerdict verdict : verdicts) {
      boolean fails = !verdict.failing().isEmpty();
      failing += fails ? 1 : 0;
      assertEquals(fails && failing <= CLOSELY, verdict.stage() != null, verdict.golden().name());
    }
    assertTrue(failing > CLOSELY, failing + " cases fail");
  }
}
