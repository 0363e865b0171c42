package dev.assay.gradcheck.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.op.OpCatalog;
import dev.assay.op.Sample;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every primitive at every safe sample, in every way. */
class OpGradientsTest {
  private static final GradientChecks CHECKS = GradientChecks.quick();

  @TestFactory
  Stream<DynamicTest> the_rules_of() {
    return OpCatalog.samples().stream()
        .map(
            sample ->
                DynamicTest.dynamicTest(
                    sample.op().name() + ": " + sample.remark(), () -> judge(sample)));
  }

  private static void judge(Sample sample) {
    List<Row> rows = CHECKS.of(sample);
    assertEquals(4, rows.size());
    boolean constant = OpCatalog.withoutGradient(sample.op()).size() == sample.inputs().size();
    for (Row row : rows) {
      Tally tally = row.tally();
      String where = row.way() + ", seed " + CHECKS.seed() + ": ";
      assertEquals(List.of(), tally.mismatches(), where + tally.remarks());
      assertEquals(0, tally.refused(), where + tally.remarks());
      assertEquals(constant, tally.checked() == 0, where + "nothing was checked");
    }
  }

  @Test
  void a_whole_run_makes_hundreds_of_comparisons() {
    int checked = CHECKS.ops().stream().mapToInt(row -> row.tally().checked()).sum();
    assertTrue(checked > 600, "only " + checked + " comparisons were made");
  }
}
