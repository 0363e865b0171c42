package dev.assay.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.fail;

import dev.assay.plan.Forward;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compares tensors element by element and names the first that differs. */
final class Agreement {
  /** Both sides are fp64; they differ in how a sum of a few dozen numbers of size 1 is arranged. */
  static final Tolerance REARRANGED =
      new Tolerance(2e-14, 2e-14, "the same fp64 sums of a few dozen terms, arranged differently");

  private Agreement() {}

  static void assertClose(Tolerance tolerance, @Nullable Tensor expected, @Nullable Tensor actual) {
    assertNotNull(expected);
    assertNotNull(actual);
    assertEquals(expected.shape(), actual.shape());
    for (int p = 0; p < expected.size(); p++) {
      if (!tolerance.accepts(actual.get(p), expected.get(p))) {
        fail(
            "at %s: %s instead of %s (%s)"
                .formatted(
                    Arrays.toString(expected.shape().index(p)),
                    actual.get(p),
                    expected.get(p),
                    tolerance));
      }
    }
  }

  static void assertClose(Forward expected, Forward actual) {
    assertClose(REARRANGED, expected.out(), actual.out());
    assertClose(REARRANGED, expected.lse(), actual.lse());
  }

  static void assertSameBits(@Nullable Tensor expected, @Nullable Tensor actual) {
    assertNotNull(expected);
    assertNotNull(actual);
    if (!expected.bitEquals(actual)) {
      assertClose(Tolerance.exact("the same sums in the same order"), expected, actual);
      fail("the values are equal, but not their bits");
    }
  }
}
