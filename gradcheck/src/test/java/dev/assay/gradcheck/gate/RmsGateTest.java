package dev.assay.gradcheck.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.suite.PrecisionClass;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gate G3 warns of errors that are larger together than those of the class usually are. */
class RmsGateTest {
  private static GateShare share(String tensor, double squares, int measured) {
    return new GateShare(tensor, measured, 0, 0, squares, measured);
  }

  @ParameterizedTest
  @CsvSource({
    "F64, 0.0999, PASS", "F64, 0.1001, WARNING",
    "F32_FLASH, 0.0999, PASS", "F32_FLASH, 0.1001, WARNING",
    "BF16_FLASH, 0.3499, PASS", "BF16_FLASH, 0.3501, WARNING",
    "FP16_FLASH, 0.3499, PASS", "FP16_FLASH, 0.3501, WARNING",
  })
  void above_the_constant_of_the_class_it_warns(
      PrecisionClass precision, double rms, Outcome outcome) {
    RmsGate gate = new RmsGate(precision);
    gate.add(List.of(share("out", 8 * rms * rms, 8)));
    assertEquals(outcome, gate.lines().getFirst().outcome());
  }

  @Test
  void cases_are_taken_together_by_the_number_of_their_elements() {
    RmsGate gate = new RmsGate(PrecisionClass.F32_FLASH);
    gate.add(List.of(share("out", 0.36, 9), share("dq", 0, 5), share("lse", 0, 0)));
    gate.add(List.of(share("out", 0.04, 1)));
    List<GateLine> lines = gate.lines();
    assertEquals(List.of("out", "dq"), lines.stream().map(GateLine::tensor).toList());
    assertEquals("G3", lines.getFirst().gate());
    assertEquals("RMS of error/bound 0.2000 (usual: up to 0.10)", lines.getFirst().text());
    assertEquals("RMS of error/bound 0.0000 (usual: up to 0.10)", lines.getLast().text());
  }
}
