package dev.assay.gradcheck.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.conformance.Alarms;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Right kernels that err as much as they may, and wrong ones that err by a known fraction. */
class TightnessTest {
  private static GoldenCase golden(String name) throws IOException {
    return Suite.load().cases().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_quantile_is_one_of_the_numbers() {
    double[] sorted = {1, 2, 3, 4};
    assertEquals(1, Tightness.quantile(sorted, 0));
    assertEquals(2, Tightness.quantile(sorted, 0.5));
    assertEquals(4, Tightness.quantile(sorted, 0.99));
    assertTrue(Double.isNaN(Tightness.quantile(new double[0], 0.5)));
  }

  @Test
  void an_exponential_that_errs_by_two_units_is_right() throws IOException {
    PlainKernel rough = new PlainKernel("rough", RoughExp.LINES, Form.USUAL);
    var run = Alarms.of(golden("grad/both")).run(rough, Map.of());
    assertTrue(run.judged());
    assertEquals(Set.of(), run.closed());
  }

  @Test
  void every_stage_off_by_a_half_is_found_and_off_by_nothing_is_not() throws IOException {
    Alarms alarms = Alarms.of(golden("grad/both"));
    for (FaultStage stage : FaultStage.values()) {
      Form form = Form.USUAL.in(PrecisionClass.F32_FLASH);
      var wrong = alarms.run(new PlainKernel("wrong", stage.off(0.5), form), Map.of());
      assertTrue(!wrong.closed().isEmpty(), stage + " is not found");
      var right = alarms.run(new PlainKernel("right", stage.off(0), form), Map.of());
      assertEquals(Set.of(), right.closed(), stage.title());
    }
  }
}
