package dev.assay.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Example;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.hashed.Reformer;
import dev.assay.mechanism.heads.Moh;
import dev.assay.mechanism.selected.DeepseekSparseAttention;
import dev.assay.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TextExampleTest {
  private static final int[] TEXT = {5, 9, 2, 5, 9, 7};
  private static final TextExample EXAMPLE = new TextExample(2, 4, 1);

  private static Map<String, Tensor> of(Class<? extends Mechanism> type) {
    return EXAMPLE.of(Settings.defaults(type), TEXT);
  }

  private static Tensor get(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  @Test
  void equal_tokens_have_equal_values_and_a_text_has_no_further_keys() {
    Map<String, Tensor> tensors = of(Reformer.class);
    assertFalse(tensors.containsKey("k"));
    assertEquals(get(tensors, "v").at(0, 1, 0, 2), get(tensors, "v").at(0, 1, 3, 2));
  }

  @Test
  void tokens_as_wide_as_all_heads_hold_the_values_side_by_side() {
    Map<String, Tensor> tensors = of(Moh.class);
    assertEquals(get(tensors, "v").at(0, 1, 4, 3), get(tensors, "x").at(0, 4, 7));
  }

  @Test
  void parameters_stay_as_the_example_draws_them() {
    Mechanism moh = Settings.defaults(Moh.class);
    assertTrue(
        get(of(Moh.class), "w_routed")
            .bitEquals(get(moh.example(new Example(2, 6, 4, 1)), "w_routed")));
  }

  @Test
  void an_indexer_looks_at_the_text() {
    Map<String, Tensor> tensors = of(DeepseekSparseAttention.class);
    assertEquals(get(tensors, "q").at(0, 0, 4, 1), get(tensors, "q_index").at(0, 3, 4, 1));
    assertEquals(1, get(tensors, "w_index").get(0));
  }
}
