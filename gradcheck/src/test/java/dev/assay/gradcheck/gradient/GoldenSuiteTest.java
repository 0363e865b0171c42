package dev.assay.gradcheck.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The gradients that the tape gives today against every golden gradient of the suite. */
class GoldenSuiteTest {
  @Test
  void every_golden_gradient_is_what_the_tape_gives() throws IOException {
    GradientChecks checks = GradientChecks.quick();
    int checked = 0;
    int compared = 0;
    for (GoldenCase one : Suite.load().cases()) {
      Tally tally = checks.of(one).tally();
      assertEquals(0, tally.failed(), () -> one.name() + ": " + tally.mismatches());
      checked += tally.checked();
      compared += tally.checked() > 0 ? 1 : 0;
    }
    assertTrue(compared >= 100, "only " + compared + " golden cases have gradients");
    assertTrue(checked >= 100_000, "only " + checked + " golden elements were compared");
  }
}
