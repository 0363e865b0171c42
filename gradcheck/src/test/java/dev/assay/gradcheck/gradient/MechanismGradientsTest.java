package dev.assay.gradcheck.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Mechanism;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every mechanism of the catalogue, at every case that is made for gradients, in every way. */
class MechanismGradientsTest {
  private static final GradientChecks CHECKS = GradientChecks.quick();

  private static List<Case> cases(Mechanism mechanism) {
    return mechanism.cases().stream()
        .filter(one -> one.roles().contains(Case.Role.GRADIENT))
        .toList();
  }

  @Test
  void every_mechanism_has_cases_for_gradients() {
    List<Mechanism> all = MechanismCatalog.all();
    assertTrue(all.size() >= 5, "the catalogue has only " + all.size() + " mechanisms");
    for (Mechanism mechanism : all) {
      assertTrue(!cases(mechanism).isEmpty(), mechanism.id() + " has no case for gradients");
    }
  }

  @TestFactory
  Stream<DynamicTest> the_gradients_of() {
    return Stream.concat(
            Stream.of(SmallCases.causal(), SmallCases.softcap()),
            MechanismCatalog.all().stream().flatMap(mechanism -> cases(mechanism).stream()))
        .map(
            one ->
                DynamicTest.dynamicTest(one.mechanism().id() + "/" + one.name(), () -> judge(one)));
  }

  private static void judge(Case one) {
    for (Row row : CHECKS.of(one)) {
      Tally tally = row.tally();
      String where = row.way() + ", seed " + CHECKS.seed() + ": ";
      assertEquals(List.of(), tally.mismatches(), where + tally.remarks());
      assertTrue(tally.checked() > 0, where + "nothing was checked: " + tally.remarks());
    }
  }
}
