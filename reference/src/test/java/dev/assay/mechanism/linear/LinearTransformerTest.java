package dev.assay.mechanism.linear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.catalog.Results;
import dev.assay.engine.AttentionRows.Row;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Observation;
import dev.assay.mechanism.Settings;
import dev.assay.op.Gradient;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinearTransformerTest {
  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 5.1e-11;

  private static final int N = 6;
  private static final int D = 3;

  private static Mechanism linear(String... settings) {
    return Settings.make(LinearTransformer.class, Settings.parse(List.of(settings)));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).answer().out().value();
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    int stream = 0;
    for (String name : List.of("q", "k", "v")) {
      double phase = 1 + stream++;
      tensors.put(
          name,
          Tensor.generate(
              Shape.of(1, 2, N, D), p -> 1.5 * StrictMath.sin(phase + 0.9 * p * phase)));
    }
    return tensors;
  }

  @Test
  void the_first_query_of_a_causal_row_gives_the_first_value_but_for_the_guard() {
    Map<String, Tensor> tensors = LinearTransformerCases.all().get(1).tensors();
    Tensor v = Results.get(tensors, "v");
    assertEquals(v.get(0), out(linear("causal=true", "guard=0"), tensors).get(0), 1e-15);
    assertEquals(0.5919188670, out(linear("causal=true"), tensors).get(0), PRINTED);
  }

  @Test
  void features_are_one_more_than_the_exponential_linear_unit() {
    Tape tape = new Tape();
    Var x = tape.leaf("x", Tensor.of(Shape.of(3), -1, 0, 2));
    Var phi = LinearTransformer.eluPlusOne(x);
    assertEquals(StrictMath.exp(-1), phi.value().get(0));
    assertEquals(1, phi.value().get(1));
    assertEquals(3, phi.value().get(2));
    Var ones = tape.leaf("ones", Tensor.full(Shape.of(3), 1));
    Tensor slope = Gradient.of(List.of(phi), List.of(ones), List.of(x)).getFirst().value();
    assertEquals(StrictMath.exp(-1), slope.get(0));
    assertEquals(1, slope.get(1), "both branches have slope 1 at 0");
    assertEquals(1, slope.get(2));
  }

  @Test
  void sums_of_features_and_values_give_the_same_as_pairs() {
    Map<String, Tensor> tensors = tensors();
    Tensor out = out(linear("causal=true", "guard=0.25"), tensors);
    for (int h = 0; h < 2; h++) {
      double[][] state = new double[D][D];
      double[] sum = new double[D];
      for (int i = 0; i < N; i++) {
        double[] key = phi(tensors, "k", h, i);
        double[] query = phi(tensors, "q", h, i);
        double below = 0.25;
        for (int r = 0; r < D; r++) {
          sum[r] += key[r];
          below += query[r] * sum[r];
          for (int c = 0; c < D; c++) {
            state[r][c] += key[r] * Results.get(tensors, "v").at(0, h, i, c);
          }
        }
        for (int c = 0; c < D; c++) {
          double above = 0;
          for (int r = 0; r < D; r++) {
            above += query[r] * state[r][c];
          }
          assertEquals(above / below, out.at(0, h, i, c), 1e-13);
        }
      }
    }
  }

  private static double[] phi(Map<String, Tensor> tensors, String name, int h, int i) {
    double[] row = new double[D];
    for (int c = 0; c < D; c++) {
      double x = Results.get(tensors, name).at(0, h, i, c);
      row[c] = x > 0 ? x + 1 : StrictMath.exp(x);
    }
    return row;
  }

  @Test
  void a_factor_of_the_queries_matters_for_there_is_no_softmax_that_it_would_sharpen() {
    Map<String, Tensor> tensors = tensors();
    Tensor before = out(linear("guard=0"), tensors);
    Tensor q = Results.get(tensors, "q");
    tensors.put("q", Tensor.generate(q.shape(), p -> Math.abs(q.get(p)) + 40));
    Tensor far = out(linear("guard=0"), tensors);
    tensors.put("q", Tensor.generate(q.shape(), p -> 1e9 + 0 * q.get(p)));
    Tensor farther = out(linear("guard=0"), tensors);
    assertTrue(Math.abs(before.get(0) - far.get(0)) > 1e-3);
    assertEquals(far.get(0), farther.get(0), 0.05, "weights tend to those of equal features");
  }

  @Test
  void a_decoded_row_is_the_row_of_the_whole() {
    Map<String, Tensor> tensors = tensors();
    Tensor whole = out(linear("causal=true"), tensors);
    Tensor q = Results.get(tensors, "q");
    Shape last = Shape.of(1, 2, 1, D);
    tensors.put("q", Tensor.generate(last, p -> q.at(0, p / D, N - 1, p % D)));
    Tensor decoded = out(linear("causal=true"), tensors);
    for (int p = 0; p < decoded.size(); p++) {
      assertEquals(whole.at(0, p / D, N - 1, p % D), decoded.get(p));
    }
  }

  @Test
  void the_weights_that_are_looked_at_are_positive_and_sum_to_one_without_a_guard() {
    Observation seen = Observation.of(linear("guard=0", "causal=true"), tensors());
    Row row = seen.softmaxes().getFirst().row(0, 1, 4);
    assertEquals(5, row.keys().length);
    assertTrue(Arrays.stream(row.weights()).allMatch(w -> w > 0));
    assertEquals(1, Arrays.stream(row.weights()).sum(), 1e-14);
  }

  @Test
  void a_negative_guard_is_refused() {
    var refusal = assertThrows(IllegalArgumentException.class, () -> linear("guard=-1"));
    assertTrue(refusal.toString().contains("guard is -1.0"), refusal.toString());
  }
}
