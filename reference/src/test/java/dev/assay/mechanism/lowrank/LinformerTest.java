package dev.assay.mechanism.lowrank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinformerTest {
  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 5.1e-11;

  private static final int N = 5;
  private static final int D = 3;

  private static Mechanism linformer(String... settings) {
    return Settings.make(Linformer.class, Settings.parse(List.of(settings)));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).answer().out().value();
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    int stream = 0;
    for (String name : List.of("q", "k", "v", "d_out")) {
      double phase = 1 + stream++;
      tensors.put(
          name,
          Tensor.generate(Shape.of(1, 2, N, D), p -> StrictMath.sin(phase + 0.7 * p * phase)));
    }
    return tensors;
  }

  private static Tensor identity() {
    return Tensor.generate(Shape.of(N, N), p -> p / N == p % N ? 1 : 0);
  }

  @Test
  void sharing_differs_on_the_recorded_example() {
    Map<String, Tensor> tensors = LinformerCases.all().get(2).tensors();
    assertEquals(0.5382628442, out(linformer("sharing=KEY_VALUE"), tensors).get(0), PRINTED);
    assertEquals(
        0.6590286659, out(linformer("sharing=LUCIDRAINS_SHARE_KV"), tensors).get(0), PRINTED);
  }

  @Test
  void with_unit_matrices_it_is_dense_attention() {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> dense =
        Evaluation.define(Settings.defaults(Dense.class), tensors).results();
    tensors.put("e", identity());
    Map<String, Tensor> projected =
        Evaluation.define(linformer("sharing=KEY_VALUE"), tensors).results();
    for (String name : List.of("out", "lse", "dq", "dk", "dv")) {
      Results.assertSameBits(name, Results.get(dense, name), Results.get(projected, name));
    }
  }

  @Test
  void equal_projections_for_each_head_are_those_for_all_heads() {
    Map<String, Tensor> tensors = tensors();
    Tensor e = Tensor.generate(Shape.of(2, N), p -> 0.1 * p - 0.3);
    tensors.put("e", e);
    tensors.put("f", e);
    Tensor all = out(linformer(), tensors);
    Results.assertSameBits("out", all, out(linformer("sharing=KEY_VALUE"), without(tensors, "f")));
    Tensor each = Tensor.generate(Shape.of(2, 2, N), p -> e.get(p % (2 * N)));
    tensors.put("e", each);
    tensors.put("f", each);
    Results.assertSameBits("out", all, out(linformer("sharing=NONE"), tensors));
  }

  private static Map<String, Tensor> without(Map<String, Tensor> tensors, String name) {
    Map<String, Tensor> fewer = new HashMap<>(tensors);
    fewer.remove(name);
    return fewer;
  }

  @Test
  void a_padded_token_counts_as_a_row_of_zeros() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("e", Tensor.generate(Shape.of(2, N), p -> 0.1 * p - 0.3));
    Map<String, Tensor> zeros = new HashMap<>(tensors);
    for (String name : List.of("k", "v")) {
      Tensor x = Results.get(tensors, name);
      zeros.put(name, Tensor.generate(x.shape(), p -> p / D % N < 3 ? x.get(p) : 0));
    }
    tensors.put("k_lens", Tensor.of(Shape.of(1), 3));
    Mechanism mechanism = linformer("sharing=KEY_VALUE");
    Results.assertSameBits("out", out(mechanism, zeros), out(mechanism, tensors));
  }

  @Test
  void without_a_valid_key_the_weights_are_equal_and_the_output_is_zero() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("e", Tensor.full(Shape.of(4, N), 0.5));
    tensors.put("k_lens", Tensor.of(Shape.of(1), 0));
    Map<String, Tensor> results =
        Evaluation.define(linformer("sharing=KEY_VALUE"), tensors).results();
    assertEquals(0, Results.get(results, "out").get(7));
    assertEquals(StrictMath.log(4), Results.get(results, "lse").get(3), 1e-15);
  }

  @Test
  void an_input_longer_than_the_projections_is_refused() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("e", Tensor.zeros(Shape.of(2, N - 1)));
    refused("n_max of at least 5", linformer("sharing=KEY_VALUE"), tensors);
  }

  @Test
  void tensors_that_do_not_fit_the_sharing_are_refused() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("e", Tensor.zeros(Shape.of(2, N)));
    refused("needs the tensor f", linformer(), tensors);
    tensors.put("f", Tensor.zeros(Shape.of(2, N)));
    refused("has no place for f", linformer("sharing=KEY_VALUE"), tensors);
    refused("[2, r, n_max] is needed", linformer("sharing=NONE"), tensors);
  }

  private static void refused(String why, Mechanism mechanism, Map<String, Tensor> tensors) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> out(mechanism, tensors));
    assertTrue(refusal.toString().contains(why), refusal.toString());
  }
}
