package dev.assay.mechanism.fixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.LinearBiases;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Linear biases of {@link Dense}. */
class LinearBiasTest {
  private static final Tolerance ROUNDING =
      new Tolerance(1e-15, 1e-14, "the same softmax, its logits shifted by a row's constant");

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_readings_differ_on_the_recorded_example_in_the_lse_alone() {
    Map<String, Tensor> tensors = LinearBiasCases.all().getFirst().tensors();
    Map<String, Tensor> precise = define(dense("alibi=DISTANCE", "causal=true"), tensors);
    Map<String, Tensor> literal = define(dense("alibi=KEY_POSITION", "causal=true"), tensors);
    assertEquals(1.7208189328, Results.get(precise, "lse").at(0, 0, 5), PRINTED);
    assertEquals(2.0333189328, Results.get(literal, "lse").at(0, 0, 5), PRINTED);
    Results.assertClose("out", Results.get(precise, "out"), Results.get(literal, "out"), ROUNDING);
  }

  @Test
  void it_is_dense_attention_with_the_biases_given() {
    Map<String, Tensor> tensors = qkv(3, 5);
    Map<String, Tensor> biased = new HashMap<>(tensors);
    biased.put(
        "bias", LinearBiases.bias(Shape.of(1, 3, 5, 5), (b, i, j) -> (double) Math.abs(i - j)));
    Map<String, Tensor> expected = define(dense(), biased);
    expected.remove("dbias");
    Map<String, Tensor> found = define(dense("alibi=DISTANCE"), tensors);
    expected.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(found, name)));
  }

  @Test
  void two_keys_at_the_same_content_differ_by_the_slope() {
    Map<String, Tensor> tensors = qkv(1, 2);
    tensors.put("k", Tensor.full(Shape.of(1, 1, 2, 4), 0.5));
    tensors.put("v", Tensor.generate(Shape.of(1, 1, 2, 4), p -> p < 4 ? 1 : 0));
    Tensor out = Results.get(define(dense("alibi=DISTANCE"), tensors), "out");
    double farther = StrictMath.exp(-1.0 / 256);
    assertEquals(farther / (1 + farther), out.at(0, 0, 1, 0), 1e-15);
    assertEquals(1 / (1 + farther), out.at(0, 0, 0, 0), 1e-15);
    Tensor literal = Results.get(define(dense("alibi=KEY_POSITION"), tensors), "out");
    assertTrue(literal.at(0, 0, 0, 0) < 0.5, "a key behind the query is preferred");
  }

  private static Map<String, Tensor> qkv(int heads, int n) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, heads, n, 4)));
    }
    return tensors;
  }

  private static Dense dense(String... settings) {
    return Settings.make(Dense.class, Settings.parse(List.of(settings)));
  }

  private static Map<String, Tensor> define(Dense dense, Map<String, Tensor> tensors) {
    return Evaluation.define(dense, tensors).results();
  }
}
