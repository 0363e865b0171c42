package dev.assay.mechanism.heads;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.study.LeakAudit;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MohTest {
  private static final int N = 4;
  private static final int HEADS = 4;

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = MohCases.all().getFirst().tensors();
    assertEquals(-0.1741311913, out(moh("shared=2"), tensors).at(0, 0, 1, 0), PRINTED);
    Mechanism formula = moh("shared=2", "gates=FORMULA");
    assertEquals(-0.0435327978, out(formula, tensors).at(0, 0, 1, 0), PRINTED);
  }

  @Test
  void even_gates_leave_the_heads_that_are_taken_as_they_are() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("w_routed", Tensor.zeros(Shape.of(2, 3)));
    tensors.put("w_shared", Tensor.zeros(Shape.of(2, 3)));
    tensors.put("w_level", Tensor.zeros(Shape.of(2, 3)));
    Tensor dense = out(Settings.defaults(Dense.class), tensors);
    Tensor all = out(moh("shared=2", "taken=2"), tensors);
    Results.assertClose("out", dense, all, new Tolerance(1e-15, 1e-15, "factors that round to 1"));
    Evaluation one = Evaluation.define(moh("shared=2", "taken=1"), tensors);
    assertEquals(0, one.answer().margin());
    Tensor out = one.answer().out().value();
    assertEquals(dense.at(0, 2, 1, 0), out.at(0, 2, 1, 0), 1e-15, "ties go to the lower head");
    assertEquals(0, out.at(0, 3, 1, 0));
    Tensor formula = out(moh("shared=2", "taken=1", "gates=FORMULA"), tensors);
    assertEquals(dense.at(0, 0, 1, 0) / 4, formula.at(0, 0, 1, 0), 1e-15);
    assertEquals(dense.at(0, 2, 1, 0) / 4, formula.at(0, 2, 1, 0), 1e-15);
  }

  @Test
  void gates_of_taken_heads_sum_to_their_number() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("v", Tensor.full(Shape.of(1, HEADS, N, 4), 1));
    Tensor out = out(moh("taken=3"), withRouter(tensors, 4));
    for (int i = 0; i < N; i++) {
      double sum = 0;
      int taken = 0;
      for (int h = 0; h < HEADS; h++) {
        sum += out.at(0, h, i, 0);
        taken += out.at(0, h, i, 0) != 0 ? 1 : 0;
      }
      assertEquals(3, taken);
      assertEquals(3, sum, 1e-14);
    }
  }

  @Test
  void without_a_router_the_longest_queries_are_taken() {
    Map<String, Tensor> tensors = tensors();
    tensors.keySet().removeAll(List.of("x"));
    Tensor q = Results.get(tensors, "q");
    tensors.put(
        "q", Tensor.generate(q.shape(), p -> (q.shape().index(p)[1] == 3 ? 100 : 1) * q.get(p)));
    Map<String, Tensor> results =
        Evaluation.define(moh("shared=1", "gates=HARD"), tensors).results();
    double[] active = new double[3 * N];
    Arrays.fill(active, 2 * N, 3 * N, 1);
    assertArrayEquals(active, Results.get(results, "active").toDoubles());
  }

  @Test
  void the_router_learns_through_the_gates_of_taken_heads() {
    Map<String, Tensor> tensors = withRouter(tensors(), 4);
    Map<String, Tensor> two = Evaluation.define(moh("taken=2"), tensors).results();
    assertTrue(anyNotZero(Results.get(two, "d_w_routed")));
    // The gate of a single head is 1 whatever its score is.
    Map<String, Tensor> one = Evaluation.define(moh("taken=1"), tensors).results();
    for (double x : Results.get(one, "d_w_routed").toDoubles()) {
      assertEquals(0, x, 1e-15);
    }
    Map<String, Tensor> formula =
        Evaluation.define(moh("taken=1", "gates=FORMULA"), tensors).results();
    assertTrue(anyNotZero(Results.get(formula, "d_w_routed")));
  }

  private static boolean anyNotZero(Tensor x) {
    return Arrays.stream(x.toDoubles()).anyMatch(e -> Math.abs(e) > 1e-6);
  }

  @Test
  void an_even_choice_has_a_balance_of_the_heads_taken() {
    Map<String, Tensor> tensors = withRouter(tensors(), 4);
    tensors.put("w_routed", Tensor.zeros(Shape.of(4, 3)));
    Moh moh = moh("taken=2");
    // Means of 1/4 and shares that sum to 2, whoever is taken: 4^2 / 4 * 2 / 4.
    double balance = moh.balance(Inputs.on(new Tape(), moh, tensors)).value().get(0);
    assertEquals(2, balance, 1e-15);
  }

  @Test
  void what_is_taught_is_a_hundredth_of_the_balance() {
    Map<String, Tensor> tensors = withRouter(tensors(), 4);
    tensors.put("w_routed", Tensor.zeros(Shape.of(4, 3)));
    Moh moh = moh("taken=2");
    Tensor lesson = moh.lesson(Inputs.on(new Tape(), moh, tensors)).value();
    assertEquals(Shape.of(), lesson.shape());
    assertEquals(0.02, lesson.get(0), 1e-17);
  }

  @Test
  void a_head_that_a_token_does_not_take_is_not_read_there() {
    Map<String, Tensor> tensors = withRouter(tensors(), 4);
    Moh moh = moh("taken=2", "causal=true");
    Map<String, Tensor> clean = Evaluation.define(moh, tensors).results();
    Tensor active = Results.get(clean, "active");
    tensors.put("active", active);
    for (String name : List.of("q", "d_out")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(
          name,
          Tensor.generate(
              x.shape(),
              p -> {
                int[] at = x.shape().index(p);
                return active.at(at[0], at[1], at[2]) != 0 ? x.get(p) : Double.NaN;
              }));
    }
    Evaluation.define(moh, tensors)
        .results()
        .forEach((name, x) -> Results.assertSameBits(name, Results.get(clean, name), x));
  }

  @Test
  void the_past_never_sees_the_future() {
    Map<String, Tensor> tensors = withRouter(tensors(), 3);
    Mechanism causal = moh("shared=1", "taken=2", "causal=true");
    assertEquals(List.of(), LeakAudit.of(causal, tensors).orElseThrow().leaks());
  }

  @Test
  void a_given_head_whose_score_underflows_has_a_gate_of_1() {
    Map<String, Tensor> tensors = withRouter(tensors(), 4);
    tensors.put("x", Tensor.full(Shape.of(1, N, 3), 1));
    tensors.put("w_routed", Tensor.generate(Shape.of(4, 3), p -> p < 9 ? 0 : -800));
    tensors.put("active", Tensor.generate(Shape.of(1, 4, N), p -> p / N == 3 ? 1 : 0));
    Map<String, Tensor> results = Evaluation.define(moh("taken=1"), tensors).results();
    for (String name : new String[] {"out", "d_w_routed"}) {
      for (double number : Results.get(results, name).toDoubles()) {
        assertTrue(Double.isFinite(number), name);
      }
    }
    assertTrue(anyNotZero(Results.get(results, "out")));
  }

  @Test
  void by_the_formula_the_balance_has_no_factor() {
    Map<String, Tensor> tensors = withRouter(tensors(), 4);
    Moh code = moh("taken=2");
    Moh formula = moh("taken=2", "gates=FORMULA");
    double factored = code.balance(Inputs.on(new Tape(), code, tensors)).value().get(0);
    double plain = formula.balance(Inputs.on(new Tape(), formula, tensors)).value().get(0);
    assertEquals(4 * plain, factored, 1e-15);
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertRefused("shared is -1", () -> moh("shared=-1"));
    assertRefused("5 heads are shared", () -> out(moh("shared=5"), tensors()));
    assertRefused("come from w_routed", () -> out(moh(), tensors()));
    Map<String, Tensor> withoutTokens = withRouter(tensors(), 4);
    withoutTokens.remove("x");
    assertRefused("were not given", () -> out(moh(), withoutTokens));
    Map<String, Tensor> levels = withRouter(tensors(), 4);
    levels.put("w_level", Tensor.zeros(Shape.of(2, 3)));
    assertRefused("w_level weighs", () -> out(moh(), levels));
    Map<String, Tensor> shared = withRouter(tensors(), 3);
    shared.put("w_shared", Tensor.zeros(Shape.of(1, 3)));
    assertRefused("w_shared weighs", () -> out(moh("shared=1", "gates=HARD"), shared));
    Map<String, Tensor> wrong = withRouter(tensors(), 4);
    wrong.put("active", Tensor.zeros(Shape.of(1, 3, N)));
    assertRefused("active has shape", () -> out(moh(), wrong));
    Map<String, Tensor> poisoned = withRouter(tensors(), 4);
    poisoned.put("x", Tensor.full(Shape.of(1, N, 3), Double.NaN));
    assertRefused("with NaN", () -> out(moh(), poisoned));
  }

  private static void assertRefused(String rule, org.junit.jupiter.api.function.Executable run) {
    var refusal = assertThrows(IllegalArgumentException.class, run, rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static Map<String, Tensor> withRouter(Map<String, Tensor> tensors, int routed) {
    tensors.put("w_routed", LawSubject.draw("w_routed", Shape.of(routed, 3)));
    return tensors;
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, HEADS, N, 4)));
    }
    tensors.put("x", LawSubject.draw("x", Shape.of(1, N, 3)));
    return tensors;
  }

  private static Moh moh(String... settings) {
    return Settings.make(Moh.class, Settings.parse(List.of(settings)));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(Evaluation.define(mechanism, tensors).results(), "out");
  }
}
