package dev.assay.gradcheck.stage;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A fault so small that some key of the row can be found whose loss would explain it. */
class SlightFaultTest {
  private static final String CASE = "long/many-queries-bf16";

  /**
   * What is said of the output if its last row is off by so many bounds, as if key 0 weighed less.
   */
  private static Attribution blamed(double bounds) throws IOException {
    GoldenCase golden = Suite.load().find(CASE);
    Tensor right = Objects.requireNonNull(golden.expect().get("out"));
    Tensor bound =
        Objects.requireNonNull(
            Bounds.of(golden, PrecisionClass.BF16_FLASH, Declared.NOTHING).get("out"));
    Tensor v = Objects.requireNonNull(golden.inputs().get("v"));
    int width = right.shape().extent(-1);
    int row = right.shape().extent(2) - 1;
    // With less of key 0 the row moves along o - v_0.
    double most = 0;
    for (int c = 0; c < width; c++) {
      double away = right.get(row * width + c) - v.get(c);
      most = Math.max(most, Math.abs(away) / bound.get(row * width + c));
    }
    double step = bounds / most;
    Tensor value =
        Tensor.generate(
            right.shape(),
            p -> right.get(p) + (p / width == row ? step * (right.get(p) - v.get(p % width)) : 0));
    Comparison compared =
        Comparison.of("out", PrecisionClass.BF16_FLASH.storage(), value, right, bound);
    assertTrue(!compared.passes());
    return Stages.of(golden, List.of(compared)).orElseThrow();
  }

  @Test
  void keys_are_not_blamed_for_less_than_twice_the_bound() throws IOException {
    Attribution blamed = blamed(1.5);
    assertNull(blamed.stage(), blamed.sentence());
  }
}
