package dev.assay.mechanism.heads;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadGateTest {
  private static final int HEADS = 4;
  private static final int N = 6;

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = HeadGateCases.all().getFirst().tensors();
    assertEquals(0, out(gate(), tensors).get(0));
    Tensor literal = out(gate("reading=FIGURE_3"), tensors);
    assertEquals(-0.5510457357, literal.get(0), PRINTED);
    Tensor v = Results.get(tensors, "v");
    double mean = 0;
    for (int j = 0; j < N; j++) {
      mean += v.at(0, 0, j, 0) / N;
    }
    for (int i = 0; i < N; i++) {
      assertEquals(mean, literal.at(0, 0, i, 0), 1e-15);
    }
  }

  @Test
  void with_theta_zero_it_is_dense_attention_times_the_score() {
    Map<String, Tensor> tensors = tensors();
    Evaluation gated = Evaluation.define(gate("theta=0"), tensors);
    Tensor dense = out(Settings.make(Dense.class, Map.of()), tensors);
    Tensor soft = out(gate("mode=SOFT_TRAIN"), tensors);
    Results.assertSameBits("out", soft, gated.answer().out().value());
    for (int h = 0; h < HEADS; h++) {
      double score = soft.at(0, h, 0, 0) / dense.at(0, h, 0, 0);
      assertTrue(score > 0 && score < 1, "score " + score);
      for (int p = h * N * 4; p < (h + 1) * N * 4; p++) {
        assertEquals(score * dense.get(p), soft.get(p), 1e-15);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SOFT_MULT", "LITERAL_HARD"})
  void an_inactive_head_gives_exactly_zero_whatever_it_holds(String mode) {
    Map<String, Tensor> tensors = tensors();
    tensors.put("active", Tensor.of(Shape.of(1, HEADS, 1), 1, 0, 1, 0));
    Map<String, Tensor> clean = define(gate("mode=" + mode), tensors);
    for (String name : List.of("q", "k", "v", "d_out")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(
          name,
          Tensor.generate(x.shape(), p -> x.shape().index(p)[1] % 2 == 1 ? Double.NaN : x.get(p)));
    }
    Map<String, Tensor> poisoned = define(gate("mode=" + mode), tensors);
    clean.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(poisoned, name)));
    for (String name : List.of("out", "dq", "dk", "dv")) {
      for (int c = 0; c < 4; c++) {
        assertEquals(0, Results.get(poisoned, name).at(0, 1, 2, c), name);
      }
    }
  }

  @Test
  void only_active_heads_train_their_gate() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("active", Tensor.of(Shape.of(1, HEADS, 1), 1, 0, 1, 0));
    Tensor gradient = Results.get(define(gate(), tensors), "d_w_gate");
    for (int c = 0; c < 8; c++) {
      assertTrue(gradient.at(0, c) != 0);
      assertEquals(0, gradient.at(1, c));
    }
    Tensor hard = Results.get(define(gate("mode=LITERAL_HARD"), tensors), "d_w_gate");
    Results.assertSameBits("d_w_gate", Tensor.zeros(hard.shape()), hard);
  }

  @Test
  void straight_through_has_the_value_of_the_hard_gate_and_the_slope_of_the_soft_one() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("active", Tensor.of(Shape.of(1, HEADS, 1), 1, 0, 1, 0));
    Map<String, Tensor> through = define(gate("mode=STE"), tensors);
    Map<String, Tensor> hard = define(gate("mode=LITERAL_HARD"), tensors);
    Map<String, Tensor> soft = define(gate("mode=SOFT_TRAIN"), tensors);
    Tolerance exact = Tolerance.exact("a factor of 0 or 1");
    Results.assertClose("out", Results.get(hard, "out"), Results.get(through, "out"), exact);
    Results.assertSameBits(
        "d_w_gate", Results.get(soft, "d_w_gate"), Results.get(through, "d_w_gate"));
    Results.assertClose("dv", Results.get(hard, "dv"), Results.get(through, "dv"), exact);
  }

  @Test
  void a_score_that_equals_theta_is_active_and_one_below_is_not() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("w_gate", Tensor.zeros(Shape.of(1, 8)));
    assertArrayEquals(new double[] {1, 1, 1, 1}, active(gate("theta=0.5"), tensors));
    String above = "theta=" + Math.nextUp(0.5);
    assertArrayEquals(new double[] {0, 0, 0, 0}, active(gate(above, "keepAtLeast=0"), tensors));
    assertArrayEquals(new double[] {1, 0, 0, 0}, active(gate(above), tensors));
    assertArrayEquals(new double[] {1, 1, 0, 0}, active(gate(above, "keepAtLeast=2"), tensors));
    String[] literal = {above, "reading=FIGURE_3"};
    assertArrayEquals(new double[] {0, 0, 0, 0}, active(gate(literal), tensors));
  }

  @Test
  void the_best_head_is_kept() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("w_gate", Tensor.zeros(Shape.of(1, 8)));
    tensors.put("b_gate", Tensor.of(Shape.of(HEADS), -3, -2, -1, -2));
    Answer answer = Evaluation.define(gate("theta=0.9"), tensors).answer();
    assertArrayEquals(
        new double[] {0, 0, 1, 0}, Results.get(answer.choices(), "active").toDoubles());
    double gap = 1 / (1 + StrictMath.exp(1)) - 1 / (1 + StrictMath.exp(2));
    assertEquals(gap, answer.margin(), 1e-15);
  }

  @Test
  void all_heads_off_give_zero_and_no_gradient() {
    define(gate("theta=1", "keepAtLeast=0"), tensors())
        .forEach((name, x) -> Results.assertSameBits(name, Tensor.zeros(x.shape()), x));
  }

  @Test
  void a_mean_over_the_sequence_sees_the_future_and_a_mean_over_the_prefix_does_not() {
    assertFalse(firstRowsAgree("SEQUENCE"));
    assertTrue(firstRowsAgree("PREFIX"));
    assertTrue(firstRowsAgree("TOKEN"));
  }

  private static boolean firstRowsAgree(String granularity) {
    HeadGate gate = gate("causal=true", "theta=0", "granularity=" + granularity);
    Map<String, Tensor> tensors = tensors();
    Tensor before = out(gate, tensors);
    Tensor q = Results.get(tensors, "q");
    tensors.put(
        "q", Tensor.generate(q.shape(), p -> q.shape().index(p)[2] == N - 1 ? 2 : q.get(p)));
    Tensor after = out(gate, tensors);
    for (int p = 0; p < before.size(); p++) {
      if (before.shape().index(p)[2] < N - 1 && before.get(p) != after.get(p)) {
        return false;
      }
    }
    return true;
  }

  @Test
  void a_prefix_of_the_whole_pools_what_the_sequence_does() {
    Map<String, Tensor> tensors = tensors();
    Tensor sequence = out(gate("mode=SOFT_TRAIN"), tensors);
    Tensor prefix = out(gate("mode=SOFT_TRAIN", "granularity=PREFIX"), tensors);
    for (int h = 0; h < HEADS; h++) {
      assertEquals(sequence.at(0, h, N - 1, 0), prefix.at(0, h, N - 1, 0), 1e-15);
    }
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("q", Tensor.full(Shape.of(1, HEADS, N, 4), Double.NaN));
    assertRefused("NaN", gate(), tensors);
    Map<String, Tensor> narrow = tensors();
    narrow.put("w_gate", Tensor.zeros(Shape.of(3, 8)));
    assertRefused("[4, 8] is needed", gate(), narrow);
    Map<String, Tensor> cross = tensors();
    cross.put("q", Tensor.zeros(Shape.of(1, HEADS, 2, 4)));
    assertRefused("2 queries and 6 keys", gate("granularity=TOKEN"), cross);
    Map<String, Tensor> given = tensors();
    given.put("active", Tensor.zeros(Shape.of(1, HEADS)));
    assertRefused("active has shape", gate(), given);
    given.put("active", Tensor.of(Shape.of(1, HEADS, 1), 1, 0, 0.5, 1));
    assertRefused("active holds 0.5", gate(), given);
    given.put("active", Tensor.of(Shape.of(1, HEADS, 1), 1, Double.NaN, 0, 1));
    assertRefused("active holds NaN", gate(), given);
    Map<String, Tensor> missing = tensors();
    missing.remove("w_gate");
    assertRefused("needs the tensor w_gate", gate(), missing);
  }

  private static void assertRefused(String rule, Mechanism mechanism, Map<String, Tensor> tensors) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> out(mechanism, tensors), rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static double[] active(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Objects.requireNonNull(define(mechanism, tensors).get("active")).toDoubles();
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, HEADS, N, 4)));
    }
    tensors.put("w_gate", LawSubject.draw("w_gate", Shape.of(HEADS, 8)));
    return tensors;
  }

  private static HeadGate gate(String... settings) {
    return Settings.make(HeadGate.class, Settings.parse(List.of(settings)));
  }

  private static Map<String, Tensor> define(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).results();
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(define(mechanism, tensors), "out");
  }
}
