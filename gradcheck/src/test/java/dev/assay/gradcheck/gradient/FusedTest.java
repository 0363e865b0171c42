package dev.assay.gradcheck.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Case;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fused backward formulas against the tape: the right one passes, each wrong one is found. */
class FusedTest {
  private static final int SEED = 11;

  private static Tally run(Case one, SpoiltEngine.Fault fault) {
    return new Fused(new SpoiltEngine(fault)).run(one, new Directions(SEED, one.name()));
  }

  @Test
  void right_formulas_pass_for_each_cotangent_and_for_both() {
    for (Case one : List.of(SmallCases.causal(), SmallCases.softcap())) {
      Tally tally = run(one, SpoiltEngine.Fault.NONE);
      int elements =
          one.tensors().entrySet().stream()
              .filter(t -> List.of("q", "k", "v").contains(t.getKey()))
              .mapToInt(t -> t.getValue().size())
              .sum();
      assertEquals(3 * elements, tally.checked());
      assertEquals(List.of(), tally.mismatches(), "seed " + SEED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void a_wrong_formula_is_found(SpoiltEngine.Fault fault) {
    Tally tally = run(SmallCases.causal(), fault);
    assertTrue(tally.failed() > 0, fault + " was overlooked, seed " + SEED);
  }

  @Test
  void the_failure_names_gradient_element_and_cotangents() {
    Tally tally = run(SmallCases.causal(), SpoiltEngine.Fault.LAST_DV_LOST);
    assertEquals("dv with d_out[0, 1, 4, 0]", tally.mismatches().getFirst().what());
  }

  @Test
  void the_tolerance_is_a_few_hundred_roundings() {
    Tally tally = run(SmallCases.causal(), SpoiltEngine.Fault.DK_SCALED);
    double tolerance = tally.mismatches().getFirst().tolerance().absolute();
    // 4500 roundings of numbers near 1 in fp64: a fault of one element is far larger.
    assertTrue(tolerance < 1e-12, "the tolerance is " + tolerance);
  }
}
