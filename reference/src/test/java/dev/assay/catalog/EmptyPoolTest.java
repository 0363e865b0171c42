package dev.assay.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.ScalarEngine;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cache that holds no page yet. */
class EmptyPoolTest {
  @ParameterizedTest
  @ValueSource(strings = {"NONE", "HALF"})
  void a_pool_without_pages_gives_empty_rows_by_ops_and_on_an_engine(String rope) {
    Mechanism dense = Settings.make(Dense.class, Map.of("rope", rope));
    Map<String, Tensor> defined = Evaluation.define(dense, tensors(0)).results();
    assertEquals(0, Results.get(defined, "out").get(1));
    assertEquals(Double.NEGATIVE_INFINITY, Results.get(defined, "lse").get(1));
    assertEquals(Shape.of(0, 1, 2, 2), Results.get(defined, "dk").shape());
    Map<String, Tensor> lowered = Evaluation.lower(dense, tensors(0), new ScalarEngine()).results();
    assertEquals(defined.keySet(), lowered.keySet());
    defined.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(lowered, name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "HALF"})
  void a_key_in_a_pool_without_pages_is_refused(String rope) {
    Mechanism dense = Settings.make(Dense.class, Map.of("rope", rope));
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> Evaluation.define(dense, tensors(1)));
    assertTrue(refusal.toString().contains("the pool has no pages"), refusal.toString());
  }

  private static Map<String, Tensor> tensors(int length) {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", LawSubject.draw("q", Shape.of(1, 1, 3, 2)));
    tensors.put("k", Tensor.zeros(Shape.of(0, 1, 2, 2)));
    tensors.put("v", Tensor.zeros(Shape.of(0, 1, 2, 2)));
    tensors.put("d_out", LawSubject.draw("d_out", Shape.of(1, 1, 3, 2)));
    tensors.put("page_table", Tensor.of(Shape.of(1, 1), -1));
    tensors.put("k_lens", Tensor.of(Shape.of(1), length));
    return tensors;
  }
}
