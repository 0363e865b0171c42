package dev.assay.mechanism.linear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PerformerTest {
  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 5.1e-11;

  private static final int N = 6;
  private static final int D = 4;

  @Test
  void a_single_key_gives_its_value_however_long_it_is() {
    Map<String, Tensor> far =
        Map.of(
            "q", Tensor.of(Shape.of(1, 1, 1, 1), 0),
            "k", Tensor.of(Shape.of(1, 1, 1, 1), 100),
            "v", Tensor.of(Shape.of(1, 1, 1, 1), 7),
            "projection", Tensor.of(Shape.of(1, 1), 1));
    assertEquals(7, Evaluation.define(performer(), far).answer().out().value().get(0), 1e-12);
  }

  private static Mechanism performer(String... settings) {
    return Settings.make(Performer.class, Settings.parse(List.of(settings)));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).answer().out().value();
  }

  private static Map<String, Tensor> tensors(double size) {
    Map<String, Tensor> tensors = new HashMap<>();
    int stream = 0;
    for (String name : List.of("q", "k", "v")) {
      double phase = 1 + stream++;
      tensors.put(
          name,
          Tensor.generate(
              Shape.of(1, 1, N, D), p -> size * StrictMath.sin(phase + 0.7 * p * phase)));
    }
    return tensors;
  }

  @Test
  void constants_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = PerformerCases.all().getFirst().tensors();
    assertEquals(0.5563488153, out(performer(), tensors).get(0), PRINTED);
    assertEquals(0.5563122609, out(performer("constants=LUCIDRAINS"), tensors).get(0), PRINTED);
  }

  @Test
  void rows_of_a_block_are_orthogonal_and_as_long_as_asked_for() {
    Tensor w = new OrthogonalFeatures(7, D, 5).draw(true);
    for (int a = 0; a < 7; a++) {
      for (int b = 0; b < 7; b++) {
        if (a / D == b / D) {
          assertEquals(a == b ? D : 0, dot(w, a, b), 1e-14);
        }
      }
    }
    Tensor chi = new OrthogonalFeatures(D, D, 5).draw(false);
    assertEquals(0, dot(chi, 0, 3), 1e-13);
    assertTrue(Math.abs(dot(chi, 0, 0) - dot(chi, 1, 1)) > 1e-3, "their lengths differ");
  }

  private static double dot(Tensor w, int a, int b) {
    double dot = 0;
    for (int c = 0; c < D; c++) {
      dot += w.at(a, c) * w.at(b, c);
    }
    return dot;
  }

  /** The mean of estimates of exp(q . k / sqrt(d)) over draws, and its standard error. */
  @Test
  void the_estimate_of_the_softmax_kernel_is_unbiased() {
    double[] q = {0.5, -0.3, 0.8, 0.1};
    double[] k = {0.2, 0.6, 0.4, -0.7};
    double exact = 0;
    for (int c = 0; c < D; c++) {
      exact += q[c] * k[c] / Math.sqrt(D);
    }
    exact = StrictMath.exp(exact);
    int draws = 400;
    double sum = 0;
    double squares = 0;
    for (int seed = 0; seed < draws; seed++) {
      double estimate = estimate(new OrthogonalFeatures(D, D, seed).draw(false), q, k);
      sum += estimate;
      squares += estimate * estimate;
    }
    double mean = sum / draws;
    double error = Math.sqrt((squares / draws - mean * mean) / draws);
    assertTrue(error < 0.1, "standard error " + error);
    assertEquals(exact, mean, 4 * error);
  }

  @Test
  void orthogonal_rows_estimate_with_less_variance_than_independent_ones() {
    double[] q = {0.9, -0.6, 1.2, 0.4};
    double[] k = {0.7, 0.8, 0.9, -0.2};
    int draws = 1000;
    double[] orthogonal = new double[draws];
    double[] independent = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      orthogonal[draw] = estimate(new OrthogonalFeatures(D, D, draw).draw(false), q, k);
      for (int t = 0; t < D; t++) {
        Tensor row = new OrthogonalFeatures(1, D, 5000 + draw * D + t).draw(false);
        independent[draw] += estimate(row, q, k) / D;
      }
    }
    double less = variance(orthogonal);
    double more = variance(independent);
    assertTrue(less < more, less + " against " + more);
  }

  private static double variance(double[] numbers) {
    double mean = Arrays.stream(numbers).average().orElseThrow();
    return Arrays.stream(numbers).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
  }

  private static double estimate(Tensor w, double[] q, double[] k) {
    double sum = 0;
    int m = w.shape().extent(0);
    for (int t = 0; t < m; t++) {
      sum += feature(w, t, q) * feature(w, t, k) / m;
    }
    return sum;
  }

  private static double feature(Tensor w, int t, double[] x) {
    double exponent = 0;
    for (int c = 0; c < D; c++) {
      double small = x[c] / Math.sqrt(Math.sqrt(D));
      exponent += w.at(t, c) * small - small * small / 2;
    }
    return StrictMath.exp(exponent);
  }

  @Test
  void with_many_features_and_short_vectors_it_comes_near_softmax_attention() {
    Map<String, Tensor> tensors = tensors(0.7);
    Tensor dense = out(Settings.make(Dense.class, Map.of("causal", "true")), tensors);
    Tensor near = out(performer("features=2048", "causal=true"), tensors);
    Tensor few = out(performer("features=8", "causal=true"), tensors);
    double far = 0;
    for (int p = 0; p < dense.size(); p++) {
      assertEquals(dense.get(p), near.get(p), 0.02);
      far = Math.max(far, Math.abs(dense.get(p) - few.get(p)));
    }
    assertTrue(far > 0.02, "eight features are " + far + " off");
  }

  @Test
  void the_projection_that_was_drawn_can_be_given_back() {
    Map<String, Tensor> tensors = tensors(1);
    Evaluation drawn = Evaluation.define(performer("features=6", "seed=9"), tensors);
    tensors.put("projection", Results.get(drawn.results(), "projection"));
    Results.assertSameBits("out", drawn.answer().out().value(), out(performer(), tensors));
  }

  @Test
  void another_seed_is_another_projection() {
    assertFalse(
        new OrthogonalFeatures(3, D, 1)
            .draw(true)
            .bitEquals(new OrthogonalFeatures(3, D, 2).draw(true)));
  }

  @Test
  void a_factor_common_to_all_features_of_keys_cancels() {
    Map<String, Tensor> tensors = tensors(1);
    tensors.put("projection", new OrthogonalFeatures(5, D, 2).draw(false));
    Tensor precise = out(performer(), tensors);
    Tensor unstabilised = out(performer("constants=GOOGLE"), tensors);
    for (int p = 0; p < precise.size(); p++) {
      assertEquals(precise.get(p), unstabilised.get(p), 1e-4, "but for 1e-6 in each feature");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PRECISE", "GOOGLE", "LUCIDRAINS"})
  void only_published_constants_let_a_later_key_through(String constants) {
    Mechanism mechanism = performer("constants=" + constants, "causal=true", "features=5");
    Map<String, Tensor> tensors = tensors(1);
    Tensor before = out(mechanism, tensors);
    Tensor k = Results.get(tensors, "k");
    tensors.put("k", Tensor.generate(k.shape(), p -> p / D == N - 1 ? 3 * k.get(p) : k.get(p)));
    Tensor after = out(mechanism, tensors);
    boolean same = true;
    for (int p = 0; p < (N - 1) * D; p++) {
      same &= before.get(p) == after.get(p);
    }
    assertEquals(constants.equals("PRECISE"), same);
    assertEquals(same, mechanism.leak().isEmpty());
  }

  @Test
  void the_guard_of_lucidrains_shrinks_every_causal_row_a_little() {
    Map<String, Tensor> tensors = tensors(1);
    tensors.put("v", Tensor.full(Shape.of(1, 1, N, D), 1));
    Tensor causal = out(performer("constants=LUCIDRAINS", "kernel=RELU", "causal=true"), tensors);
    Tensor both = out(performer("constants=LUCIDRAINS", "kernel=RELU"), tensors);
    for (int p = 0; p < causal.size(); p++) {
      assertTrue(causal.get(p) < 1 && causal.get(p) > 0.99, "the weights sum to " + causal.get(p));
      assertEquals(1, both.get(p), 1e-14);
    }
  }

  /** phi = (exp(w . x - |x|^2 / 2 - largest) + 1e-4) / sqrt(m), and phi_q . (sum phi_k + 1e-6). */
  @Test
  void the_constants_of_lucidrains_stand_where_its_code_has_them() {
    Map<String, Tensor> tensors = tensors(1);
    Tensor w = new OrthogonalFeatures(5, D, 2).draw(false);
    tensors.put("projection", w);
    Tensor out = out(performer("constants=LUCIDRAINS", "causal=true"), tensors);
    double[][] q = features(w, Results.get(tensors, "q"), true);
    double[][] k = features(w, Results.get(tensors, "k"), false);
    Tensor v = Results.get(tensors, "v");
    for (int i = 0; i < N; i++) {
      for (int c = 0; c < D; c++) {
        double above = 0;
        double below = 0;
        for (int t = 0; t < 5; t++) {
          double sum = 1e-6;
          for (int j = 0; j <= i; j++) {
            sum += k[j][t];
            above += q[i][t] * k[j][t] * v.at(0, 0, j, c);
          }
          below += q[i][t] * sum;
        }
        assertEquals(above / below, out.at(0, 0, i, c), 1e-13);
      }
    }
  }

  private static double[][] features(Tensor w, Tensor x, boolean ofQueries) {
    double[][] exponents = new double[N][5];
    double[] largest = new double[N];
    Arrays.fill(largest, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < N; i++) {
      double[] row = new double[D];
      for (int c = 0; c < D; c++) {
        row[c] = x.at(0, 0, i, c);
      }
      for (int t = 0; t < 5; t++) {
        exponents[i][t] = StrictMath.log(feature(w, t, row));
        largest[i] = Math.max(largest[i], exponents[i][t]);
      }
    }
    double ofAll = Arrays.stream(largest).max().orElseThrow();
    for (int i = 0; i < N; i++) {
      for (int t = 0; t < 5; t++) {
        double stabiliser = ofQueries ? largest[i] : ofAll;
        exponents[i][t] = (StrictMath.exp(exponents[i][t] - stabiliser) + 1e-4) / Math.sqrt(5);
      }
    }
    return exponents;
  }

  @Test
  void a_projection_of_another_width_is_refused() {
    Map<String, Tensor> tensors = tensors(1);
    tensors.put("projection", Tensor.zeros(Shape.of(5, 3)));
    var refusal = assertThrows(IllegalArgumentException.class, () -> out(performer(), tensors));
    assertTrue(refusal.toString().contains("[m, 4] is needed"), refusal.toString());
  }
}
