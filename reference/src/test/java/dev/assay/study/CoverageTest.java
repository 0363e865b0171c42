package dev.assay.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Example;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoverageTest {
  private static final Map<String, Tensor> EQUAL =
      Map.of(
          "q", Tensor.zeros(Shape.of(1, 1, 8, 2)),
          "k", Tensor.zeros(Shape.of(1, 1, 8, 2)),
          "v", Tensor.zeros(Shape.of(1, 1, 8, 2)));

  @Test
  void dense_attention_keeps_all_of_itself() {
    Mechanism dense = Settings.defaults(Dense.class);
    Coverage coverage = Coverage.of(dense, new Example(2, 16, 4, 1).qkv(), 2, 0.9);
    assertEquals(1, coverage.density());
    assertArrayEquals(new double[] {1, 1}, coverage.recall(), 1e-12);
    assertArrayEquals(new double[] {16, 16}, coverage.reach());
  }

  @Test
  void equal_keys_are_kept_as_far_as_they_are_many() {
    Mechanism window = Settings.make(SlidingWindow.class, Map.of("window", "2"));
    Coverage coverage = Coverage.of(window, EQUAL, 3, 0.5);
    // Row i keeps two of i + 1 equal weights, the first row its only one.
    double recall = 1;
    for (int i = 1; i < 8; i++) {
      recall += 2.0 / (i + 1);
    }
    assertEquals(recall / 8, coverage.recall()[0], 1e-12);
    assertEquals(15.0 / 36, coverage.density(), 1e-12);
    // A token hears of one more token with each layer, as far as there are any.
    assertArrayEquals(new double[] {15 / 8.0, 21 / 8.0, 26 / 8.0}, coverage.reach(), 1e-12);
  }

  @Test
  void a_single_large_weight_makes_attention_intrinsically_sparse() {
    Tensor k = Tensor.generate(Shape.of(1, 1, 10, 1), p -> p == 3 ? 50 : 0);
    Tensor q = Tensor.generate(Shape.of(1, 1, 10, 1), p -> 1);
    Coverage coverage =
        Coverage.of(Settings.defaults(Dense.class), Map.of("q", q, "k", k, "v", k), 1, 0.95);
    assertEquals(0.1, coverage.intrinsic(), 1e-12);
    assertTrue(coverage.recall()[0] > 0.999);
  }
}
