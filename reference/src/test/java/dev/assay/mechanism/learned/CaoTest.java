package dev.assay.mechanism.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaoTest {
  private static final int N = 5;

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @ParameterizedTest
  @CsvSource({
    "P_RENORM, 0.0555159740",
    "L_EQ3, 0.1027434721",
    "P_LOGIT, -0.0050465330",
    "P_ZEROSUM, -0.0048105580"
  })
  void the_modes_differ_on_the_recorded_example(String mode, double first) {
    Map<String, Tensor> tensors = Runs.find("cao", "renorm").tensors();
    assertEquals(first, out(cao("mode=" + mode), tensors).get(0), PRINTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"P_RENORM", "L_EQ3", "P_LOGIT", "P_ZEROSUM"})
  void without_strength_it_is_attention_bit_for_bit(String mode) {
    for (String causal : List.of("causal=false", "causal=true")) {
      Map<String, Tensor> tensors = tensors();
      tensors.put("beta", Tensor.zeros(Shape.of(1)));
      Tensor dense = out(Runs.make(Dense.class, causal), few(tensors));
      Runs.assertSameBits("out", dense, out(cao("mode=" + mode, causal), tensors));
      Runs.assertSameBits("out", dense, out(cao("mode=OFF", causal), tensors));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"P_RENORM", "L_EQ3", "P_LOGIT", "P_ZEROSUM"})
  void a_last_layer_of_zeros_changes_nothing_and_learns(String mode) {
    Map<String, Tensor> tensors = tensors();
    tensors.put("phi_w2", Tensor.zeros(Shape.of(1, 3)));
    tensors.put("phi_b2", Tensor.zeros(Shape.of(1)));
    Map<String, Tensor> found = Runs.define(cao("mode=" + mode), tensors);
    Tensor dense = out(Runs.make(Dense.class), few(tensors));
    Runs.assertSameBits("out", dense, Runs.get(found, "out"));
    assertTrue(Runs.get(found, "d_phi_w2").get(0) != 0);
    assertEquals(0, Runs.get(found, "d_beta").get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"P_RENORM", "P_ZEROSUM", "P_LOGIT"})
  void precise_rows_stay_distributions(String mode) {
    Tensor a = matrix("mode=" + mode, "causal=true");
    for (int i = 0; i < N; i++) {
      double sum = 0;
      for (int j = 0; j < N; j++) {
        double weight = a.at(0, 0, i, j);
        assertTrue(weight >= 0 && (j <= i || weight == 0), mode + " " + i + " " + j);
        sum += weight;
      }
      assertEquals(1, sum, 1e-14);
    }
  }

  @Test
  void literal_rows_are_no_distributions_and_reach_the_future_if_told_so() {
    Tensor bounded = matrix("mode=L_EQ3", "causal=true");
    assertEquals(0, bounded.at(0, 0, 1, 3));
    Tensor a = matrix("mode=L_EQ3", "causal=true", "respectCausal=false");
    assertTrue(a.at(0, 0, 1, 3) != 0);
    double sum = 0;
    for (int j = 0; j < N; j++) {
      sum += a.at(0, 0, 1, j);
    }
    assertTrue(Math.abs(sum - 1) > 1e-3);
    assertFalse(cao("mode=L_EQ3", "causal=true", "respectCausal=false").leak().isEmpty());
    assertEquals("", cao("mode=L_EQ3", "causal=true").leak());
  }

  @Test
  void with_full_support_the_assignment_has_unit_columns() {
    // Values that are unit vectors show the weights.
    Tensor off = matrix("mode=OFF");
    Tensor literal = matrix("mode=L_EQ3", "phi=ASSIGN", "strength=1", "rounds=60", "epsilon=1");
    for (int j = 0; j < N; j++) {
      double column = 0;
      for (int i = 0; i < N; i++) {
        double tanh = literal.at(0, 0, i, j) - off.at(0, 0, i, j);
        column += 0.5 * StrictMath.log((1 + tanh) / (1 - tanh)) + off.at(0, 0, i, j);
      }
      assertEquals(1, column, 1e-12);
    }
  }

  @Test
  void decoding_with_what_was_received_gives_the_last_row_of_the_prefill() {
    for (String mode : List.of("P_RENORM", "P_LOGIT", "P_ZEROSUM", "L_EQ3")) {
      Mechanism mechanism = cao("mode=" + mode, "causal=true");
      Map<String, Tensor> tensors = tensors();
      Tensor all = out(mechanism, tensors);
      Tensor a = matrix("mode=OFF", "causal=true");
      Map<String, Tensor> step = new LinkedHashMap<>(tensors);
      Tensor q = Runs.get(tensors, "q");
      step.put("q", Tensor.generate(Shape.of(1, 1, 1, 3), p -> q.get((N - 1) * 3 + p)));
      step.put(
          "received",
          Tensor.generate(
              Shape.of(1, 1, N),
              j -> {
                double sum = 0;
                for (int i = 0; i < N - 1; i++) {
                  sum += a.at(0, 0, i, j);
                }
                return sum;
              }));
      step.put("rows_before", Tensor.of(Shape.of(1), N - 1));
      step.remove("d_out");
      Tensor last = out(mechanism, step);
      for (int c = 0; c < 3; c++) {
        assertEquals(all.at(0, 0, N - 1, c), last.at(0, 0, 0, c), 1e-15, mode);
      }
    }
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Map<String, Tensor> tensors = tensors();
    tensors.remove("phi_b1");
    Runs.assertRefused("needs the tensor phi_b1", cao(), tensors);
    tensors.put("phi_b1", Tensor.zeros(Shape.of(4)));
    Runs.assertRefused("are needed", cao(), tensors);
    Map<String, Tensor> alone = tensors();
    alone.put("rows_before", Tensor.of(Shape.of(1), 2));
    Runs.assertRefused("belong together", cao(), alone);
    assertThrows(IllegalArgumentException.class, () -> cao("epsilon=0"));
  }

  /** The weights, seen through values that are unit vectors. */
  private static Tensor matrix(String... settings) {
    Map<String, Tensor> tensors = tensors();
    tensors.put("v", Tensor.generate(Shape.of(1, 1, N, N), p -> p / N == p % N ? 1 : 0));
    tensors.remove("d_out");
    tensors.remove("beta");
    Cao cao = (Cao) cao(settings);
    return cao.define(new Tape(), Inputs.on(new Tape(), cao, tensors)).out().value();
  }

  private static Map<String, Tensor> few(Map<String, Tensor> tensors) {
    Map<String, Tensor> few = new LinkedHashMap<>(tensors);
    few.keySet().retainAll(List.of("q", "k", "v"));
    return few;
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = Runs.qkv(1, N, 3);
    tensors.put("beta", Tensor.of(Shape.of(1), 0.1));
    tensors.put("phi_w1", Runs.draw("phi_w1", 3, 6));
    tensors.put("phi_b1", Runs.draw("phi_b1", 3));
    tensors.put("phi_w2", Runs.draw("phi_w2", 1, 3));
    tensors.put("phi_b2", Runs.draw("phi_b2", 1));
    return tensors;
  }

  private static Mechanism cao(String... settings) {
    List<String> all = new ArrayList<>(List.of("local=2"));
    all.addAll(List.of(settings));
    return Runs.make(Cao.class, all.toArray(String[]::new));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Runs.get(Runs.define(mechanism, tensors), "out");
  }
}
