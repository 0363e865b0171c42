package dev.assay.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.AttentionRows.Row;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Observation;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.chunked.HTransformer1d;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.lowrank.Linformer;
import dev.assay.mechanism.selected.NativeSparseAttention;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SightTest {
  private static final Example EXAMPLE = new Example(2, 32, 8, 1);

  private static List<Sight> sights(
      Class<? extends Mechanism> type, Sight.Of of, String... settings) {
    Mechanism mechanism = Settings.make(type, Settings.parse(List.of(settings)));
    return Sight.of(mechanism, mechanism.example(EXAMPLE), of);
  }

  @Test
  void values_count_in_dense_attention_for_the_weights_of_its_softmax() {
    Mechanism dense = Settings.defaults(Dense.class);
    Map<String, Tensor> tensors = EXAMPLE.qkv();
    Row softmax = Observation.of(dense, tensors).softmaxes().getFirst().row(0, 1, 7);
    Row values = ValueWeights.of(dense, tensors).row(0, 1, 7);
    assertArrayEquals(softmax.keys(), values.keys());
    assertArrayEquals(softmax.weights(), values.weights(), 1e-14);
  }

  @Test
  void a_softmax_over_projected_rows_alone_is_no_softmax_over_tokens() {
    Sight only = sights(Linformer.class, Sight.Of.AUTO).getFirst();
    assertEquals("output", only.name());
    assertEquals(32, only.rows().keys());
  }

  @Test
  void softmaxes_are_shown_where_one_is_over_tokens() {
    List<Sight> sights = sights(NativeSparseAttention.class, Sight.Of.AUTO);
    assertEquals("softmax 3 of 3", sights.getLast().name());
    assertTrue(sights.getLast().rows().keys() < 32);
  }

  @Test
  void a_softmax_over_means_beside_others_is_not_explained_by_rules_of_tokens() {
    Sight coarse = sights(HTransformer1d.class, Sight.Of.SOFTMAXES, "block=4").getLast();
    assertTrue(coarse.rows().keys() < 32);
    assertEquals(Sight.POOLED, coarse.rules().of(0, 0, 0, 0));
  }

  @Test
  void the_output_of_means_is_explained_by_the_rules_of_its_tokens() {
    Sight output = sights(HTransformer1d.class, Sight.Of.OUTPUT).getFirst();
    assertEquals("exact", output.rules().of(0, 0, 3, 3));
  }

  @Test
  void values_are_needed_to_be_followed() {
    Map<String, Tensor> withoutValues = new HashMap<>(EXAMPLE.qkv());
    withoutValues.remove("v");
    assertThrows(
        IllegalArgumentException.class,
        () -> ValueWeights.of(Settings.defaults(Dense.class), withoutValues));
  }
}
