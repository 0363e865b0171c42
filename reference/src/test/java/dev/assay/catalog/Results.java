package dev.assay.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** Compares results of evaluations. */
public final class Results {
  private Results() {}

  public static Tensor get(Map<String, Tensor> results, String name) {
    return Objects.requireNonNull(results.get(name), name + " is missing");
  }

  /** Both have the same tensors, and each agrees relative to its own largest finite number. */
  public static void assertClose(
      Map<String, Tensor> expected, Map<String, Tensor> actual, Tolerance tolerance) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach((name, tensor) -> assertClose(name, tensor, get(actual, name), tolerance));
  }

  public static void assertClose(String name, Tensor expected, Tensor actual, Tolerance tolerance) {
    assertEquals(expected.shape(), actual.shape(), name);
    double scale =
        Arrays.stream(expected.toDoubles()).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    Tolerance absolute =
        new Tolerance(tolerance.absolute() + tolerance.relative() * scale, 0, tolerance.reason());
    for (int p = 0; p < expected.size(); p++) {
      int at = p;
      assertTrue(
          absolute.accepts(actual.get(p), expected.get(p)),
          () ->
              "%s%s is %s instead of %s"
                  .formatted(
                      name,
                      Arrays.toString(expected.shape().index(at)),
                      actual.get(at),
                      expected.get(at)));
    }
  }

  public static void assertSameBits(String name, Tensor expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape(), name);
    for (int p = 0; p < expected.size(); p++) {
      assertEquals(
          Double.doubleToRawLongBits(expected.get(p)),
          Double.doubleToRawLongBits(actual.get(p)),
          name + Arrays.toString(expected.shape().index(p)) + ": " + actual.get(p));
    }
  }
}
