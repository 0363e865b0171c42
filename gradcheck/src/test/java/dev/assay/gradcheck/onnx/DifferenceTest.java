package dev.assay.gradcheck.onnx;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.assay.autograd.Var;
import dev.assay.catalog.MechanismCatalog;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an output of a file is held against where scores overflow or values are not finite. */
class DifferenceTest {
  private static Var out(double key, double value) {
    Map<String, Tensor> inputs =
        Map.of(
            "q", numbers((float) 1e20),
            "k", numbers((float) key, (float) (2 * key)),
            "v", numbers(value, 2));
    return Evaluation.lower(MechanismCatalog.find("dense"), inputs, new ScalarEngine())
        .answer()
        .out();
  }

  private static Tensor numbers(double... x) {
    return Tensor.adopt(Shape.of(1, 1, x.length, 1), x);
  }

  private static @Nullable Difference find(Var right, double file) {
    return Difference.find("Y", right, numbers(file), PrecisionClass.F32_FLASH);
  }

  @Test
  void where_scores_overflow_the_file_may_hold_anything() {
    assertNull(find(out(1e20, 1), Double.NaN));
  }

  @Test
  void elsewhere_a_nan_differs() {
    assertNotNull(find(out(1e-20, 1), Double.NaN));
  }

  @Test
  void a_nan_is_asked_for_where_one_belongs() {
    assertNull(find(out(1e-20, Double.NaN), Double.NaN));
    assertNotNull(find(out(1e-20, Double.NaN), 1));
  }
}
