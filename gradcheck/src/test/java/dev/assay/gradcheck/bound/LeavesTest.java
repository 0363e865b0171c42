package dev.assay.gradcheck.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What bounds take for exact, and shapes at the edge. */
class LeavesTest {
  private static final Tensor ONE = Tensor.generate(Shape.of(1, 1, 1, 1), _ -> 1);

  private static SequencedMap<String, Tensor> bounds(PrecisionClass precision, double dLse) {
    Map<String, Tensor> inputs =
        Map.of(
            "q",
            ONE,
            "k",
            Tensor.adopt(Shape.of(1, 1, 2, 1), new double[] {1, -1}),
            "v",
            Tensor.adopt(Shape.of(1, 1, 2, 1), new double[] {1, -1}),
            "d_lse",
            Tensor.generate(Shape.of(1, 1, 1), _ -> dLse));
    return Bounds.of(
        Evaluation.lower(MechanismCatalog.find("dense"), inputs, new ScalarEngine()),
        precision,
        Declared.NOTHING,
        Bounds.Reference.PROVEN);
  }

  private static Tensor of(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name));
  }

  @ParameterizedTest
  @EnumSource(
      value = PrecisionClass.class,
      mode = Mode.INCLUDE,
      names = {"BF16_FLASH", "FP16_FLASH"})
  void the_cotangent_of_the_lse_is_given_in_f32_whatever_the_storage(PrecisionClass precision) {
    // 1 - 2^-12 is a number of F32, but lies between two of BF16 and of F16.
    double whole = of(bounds(precision, 1), "dq").get(0);
    double between = of(bounds(precision, 1 - 0x1p-12), "dq").get(0);
    // The cotangents differ by 2.4e-4 of themselves; rounding to the storage would add half of the
    // bound.
    assertEquals(whole, between, 1e-3 * whole);
  }

  @Test
  void values_without_channels_have_bounds_without_elements() {
    Map<String, Tensor> inputs =
        Map.of(
            "q",
            ONE,
            "k",
            ONE,
            "v",
            Tensor.zeros(Shape.of(1, 1, 1, 0)),
            "d_lse",
            Tensor.generate(Shape.of(1, 1, 1), _ -> 1));
    SequencedMap<String, Tensor> bounds =
        Bounds.of(
            Evaluation.lower(MechanismCatalog.find("dense"), inputs, new ScalarEngine()),
            PrecisionClass.F32_FLASH,
            Declared.NOTHING,
            Bounds.Reference.PROVEN);
    assertEquals(0, of(bounds, "dv").size());
    assertEquals(1, of(bounds, "dk").size());
  }
}
