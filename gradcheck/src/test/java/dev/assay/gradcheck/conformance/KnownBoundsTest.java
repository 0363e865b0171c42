package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.bound.Bounds.Reference;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What a bound of class f64 allows for depends on where the right value comes from. */
class KnownBoundsTest {
  private final GoldenCase golden =
      HandedIn.SUITE.cases().stream()
          .filter(one -> one.classes().contains("f64") && !one.equals(OtherWindow.of(one)))
          .findFirst()
          .orElseThrow();

  private Tensor known(GoldenCase right) {
    return new KnownBounds()
        .of(golden, right, Declared.NOTHING, PrecisionClass.F64)
        .getOrDefault("out", Tensor.scalar(0));
  }

  private static Tensor bound(GoldenCase right, Reference reference) {
    return new CaseBounds(right, Declared.NOTHING, reference)
        .of(PrecisionClass.F64)
        .getOrDefault("out", Tensor.scalar(0));
  }

  @Test
  void values_of_the_suite_are_proven() {
    assertTrue(known(golden).bitEquals(bound(golden, Reference.PROVEN)));
  }

  @Test
  void values_under_another_convention_are_computed() {
    GoldenCase other = OtherWindow.of(golden);
    assertTrue(known(other).bitEquals(bound(other, Reference.COMPUTED)));
    assertFalse(known(other).bitEquals(bound(other, Reference.PROVEN)));
  }
}
