package dev.assay.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Example;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.mechanism.selected.Moba;
import dev.assay.study.Coverage.Share;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoverageTest {
  private static final Map<String, Tensor> EQUAL =
      Map.of(
          "q", Tensor.zeros(Shape.of(1, 1, 8, 2)),
          "k", Tensor.zeros(Shape.of(1, 1, 8, 2)),
          "v", Tensor.zeros(Shape.of(1, 1, 8, 2)));

  private static double[] reach(Coverage coverage, int layers) {
    return Reach.of(List.of(coverage.direct()), layers).tokens();
  }

  @Test
  void dense_attention_keeps_all_of_itself() {
    Mechanism dense = Settings.defaults(Dense.class);
    Coverage coverage = Coverage.of(dense, new Example(2, 16, 4, 1).qkv(), 0.9);
    assertEquals(1, coverage.all().density());
    coverage.heads().forEach(head -> assertEquals(1, head.recall(), 1e-12));
    assertArrayEquals(new double[] {16, 16}, reach(coverage, 2));
  }

  @Test
  void equal_keys_are_kept_as_far_as_they_are_many() {
    Mechanism window = Settings.make(SlidingWindow.class, Map.of("window", "2"));
    Coverage coverage = Coverage.of(window, EQUAL, 0.5);
    // Row i keeps two of i + 1 equal weights, the first row its only one.
    double recall = 1;
    for (int i = 1; i < 8; i++) {
      recall += 2.0 / (i + 1);
    }
    assertEquals(recall / 8, coverage.all().recall(), 1e-12);
    assertEquals(15.0 / 36, coverage.all().density(), 1e-12);
    // A token hears of one more token with each layer, as far as there are any.
    assertArrayEquals(new double[] {15 / 8.0, 21 / 8.0, 26 / 8.0}, reach(coverage, 3), 1e-12);
  }

  @Test
  void layers_reach_as_far_as_their_windows_together() {
    Mechanism near = Settings.make(SlidingWindow.class, Map.of("window", "2"));
    Mechanism wide = Settings.make(SlidingWindow.class, Map.of("window", "4"));
    List<List<BitSet>> layers =
        List.of(Coverage.of(near, EQUAL).direct(), Coverage.of(wide, EQUAL).direct());
    // One token back, then three more: 1 2 3 4 5 5 5 5 tokens.
    assertEquals(30 / 8.0, Reach.of(layers, 2).tokens()[1], 1e-12);
  }

  @Test
  void layers_of_other_lengths_do_not_stand_on_each_other() {
    Mechanism window = Settings.make(SlidingWindow.class, Map.of("window", "2"));
    List<List<BitSet>> layers =
        List.of(
            Coverage.of(window, EQUAL).direct(),
            Coverage.of(window, new Example(1, 9, 2, 1).qkv()).direct());
    assertThrows(IllegalArgumentException.class, () -> Reach.of(layers, 2));
  }

  @Test
  void a_single_large_weight_makes_attention_intrinsically_sparse() {
    Tensor k = Tensor.generate(Shape.of(1, 1, 10, 1), p -> p == 3 ? 50 : 0);
    Tensor q = Tensor.generate(Shape.of(1, 1, 10, 1), p -> 1);
    Coverage coverage =
        Coverage.of(Settings.defaults(Dense.class), Map.of("q", q, "k", k, "v", k), 0.95);
    assertArrayEquals(new double[] {0.1}, coverage.all().intrinsic(), 1e-12);
    assertTrue(coverage.all().recall() > 0.999);
  }

  @Test
  void what_heads_keep_adds_up_to_what_all_keep() {
    Mechanism moba = Settings.make(Moba.class, Map.of("block", "4"));
    Coverage coverage = Coverage.of(moba, new Example(3, 40, 8, 1).qkv(), 0.9, 0.99);
    double recall = coverage.heads().stream().mapToDouble(Share::recall).sum();
    double density = coverage.heads().stream().mapToDouble(Share::density).sum();
    assertEquals(recall / 3, coverage.all().recall(), 1e-12);
    assertEquals(density / 3, coverage.all().density(), 1e-12);
    for (Share head : coverage.heads()) {
      assertTrue(head.recall() > head.density() && head.recall() < 1, head.toString());
      assertTrue(head.intrinsic()[0] < head.intrinsic()[1], head.toString());
    }
  }

  @Test
  void the_recall_of_a_head_is_that_of_its_tensors_alone() {
    Mechanism moba = Settings.make(Moba.class, Map.of("block", "4"));
    Map<String, Tensor> both = new Example(2, 24, 8, 1).qkv();
    Map<String, Tensor> second = new HashMap<>();
    both.forEach(
        (name, tensor) ->
            second.put(
                name,
                Tensor.generate(
                    tensor.shape().with(1, 1), p -> tensor.get(p + tensor.size() / 2))));
    assertEquals(
        Coverage.of(moba, second).all().recall(),
        Coverage.of(moba, both).heads().get(1).recall(),
        1e-12);
  }
}
