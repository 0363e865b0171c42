package dev.assay.mechanism.learned;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.op.Gradient;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LspgTest {
  private static final int N = 6;

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void an_excluded_logit_far_above_the_others_does_not_spoil_the_row() {
    Map<String, Tensor> far =
        new LinkedHashMap<>(
            Map.of(
                "q", Tensor.of(Shape.of(1, 1, 2, 1), 1, 1),
                "k", Tensor.of(Shape.of(1, 1, 2, 1), 0, 800),
                "v", Tensor.of(Shape.of(1, 1, 2, 1), 3, 5),
                "w_threshold", Tensor.of(Shape.of(1, 6), 2, 0, 0, 0, 0, 0)));
    assertEquals(3, out(lspg("local=0", "globals=0"), far).get(0));
  }

  @Test
  void the_mask_modes_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = Runs.find("lspg", "precise").tensors();
    assertEquals(-0.1860472132, out(lspg("local=2", "globals=1"), tensors).get(0), PRINTED);
    Mechanism literal = lspg("local=2", "globals=1", "maskMode=ZERO_LOGIT");
    assertEquals(-0.1840937981, out(literal, tensors).get(0), PRINTED);
  }

  @Test
  void excluded_pairs_have_no_weight_and_the_others_are_dense_attention() {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> found = Runs.define(lspg(), tensors);
    tensors.put("mask", pattern(lspg(), tensors));
    Tensor dense = out(Runs.make(Dense.class), without(tensors));
    Runs.assertClose("out", dense, Runs.get(found, "out"), 1e-15);
  }

  @Test
  void with_everything_selected_every_mode_is_dense_attention() {
    Map<String, Tensor> tensors = tensors();
    Tensor dense = out(Runs.make(Dense.class), without(tensors));
    for (String mode : List.of("NEG_INF", "ZERO_LOGIT")) {
      Tensor found = out(lspg("budget=1", "maskMode=" + mode), tensors);
      Runs.assertClose(mode, dense, found, 1e-15);
    }
    Tensor soft = out(lspg("local=99", "maskMode=LOG_SOFT"), tensors);
    Runs.assertClose("a constant on all logits", dense, soft, 1e-14);
  }

  @Test
  void a_row_of_zeroed_logits_alone_is_the_mean_and_a_row_of_excluded_keys_is_empty() {
    Map<String, Tensor> tensors = literal(Runs.qkv(1, N, 3));
    tensors.put("mlp_b2", Tensor.of(Shape.of(1), -100));
    Mechanism zero = lspg("reading=LITERAL", "maskMode=ZERO_LOGIT");
    Tensor v = Runs.get(tensors, "v");
    double mean = 0;
    for (int j = 0; j < N; j++) {
      mean += v.at(0, 0, j, 1) / N;
    }
    assertEquals(mean, out(zero, tensors).at(0, 0, 2, 1), 1e-15);
    Map<String, Tensor> empty = Runs.define(lspg("reading=LITERAL"), tensors);
    Runs.assertSameBits("out", Tensor.zeros(v.shape()), Runs.get(empty, "out"));
    assertEquals(Double.NEGATIVE_INFINITY, Runs.get(empty, "lse").get(0));
  }

  @Test
  void the_network_sees_each_score_alone_and_the_precise_generator_its_row() {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> shifted = new LinkedHashMap<>(tensors);
    // One more channel of keys, the same for all, adds a constant to each row of scores.
    for (String name : List.of("q", "k")) {
      Tensor x = Runs.get(tensors, name);
      shifted.put(
          name,
          Tensor.generate(
              x.shape().with(3, 4),
              p -> p % 4 < 3 ? x.get(p / 4 * 3 + p % 4) : name.equals("k") ? 1 : 5));
    }
    shifted.put("a_global", Tensor.of(Shape.of(1, 4), 1, 0, 0, 0));
    tensors.put("a_global", Tensor.of(Shape.of(1, 3), 1, 0, 0));
    shifted.remove("w_threshold");
    tensors.remove("w_threshold");
    String scale = "scale=0.5";
    Runs.assertSameBits(
        "selected",
        Runs.get(Runs.define(lspg(scale), tensors), "selected"),
        Runs.get(Runs.define(lspg(scale), shifted), "selected"));
    String[] literal = {"reading=LITERAL", scale};
    assertTrue(
        Runs.differ(
            Runs.get(Runs.define(lspg(literal), literal(tensors)), "selected"),
            Runs.get(Runs.define(lspg(literal), literal(shifted)), "selected")));
  }

  @Test
  void the_gradient_of_the_gate_is_that_of_the_multiplied_softmax() {
    Map<String, Tensor> tensors = tensors();
    Evaluation run = Evaluation.define(lspg("local=0", "globals=0", "temperature=1"), tensors);
    Tape tape = new Tape();
    Var q = tape.leaf("q", Runs.get(tensors, "q"));
    Var weights = tape.leaf("w", Runs.get(tensors, "w_threshold"));
    Lspg soft = (Lspg) lspg("local=0", "globals=0", "temperature=1");
    Map<String, Var> vars = new LinkedHashMap<>();
    vars.put("q", q);
    vars.put("w_threshold", weights);
    Map<String, Tensor> rest = new LinkedHashMap<>(tensors);
    rest.keySet().removeAll(List.of("q", "w_threshold", "d_out", "a_global"));
    var inputs = dev.assay.mechanism.Inputs.of(soft, tape, vars, rest);
    var problem = soft.problem(inputs);
    SparsePattern pattern = soft.pattern(inputs, problem);
    Var s = ScorePlane.tokens(problem, q, inputs.var("k")).scores();
    Var m = java.util.Objects.requireNonNull(pattern.soft());
    Var mask = Ops.straightThrough(Ops.constant(tape, pattern.hard()), m);
    Var odds = Ops.mul(mask, Ops.exp(s));
    Var out = Ops.matMul(Ops.div(odds, Ops.sum(odds, -1)), inputs.var("v"));
    Var cotangent = tape.leaf("d_out", Runs.get(tensors, "d_out"));
    List<Var> expected = Gradient.of(List.of(out), List.of(cotangent), List.of(q, weights));
    Runs.assertClose("dq", expected.get(0).value(), Runs.get(run.results(), "dq"), 1e-14);
    Tensor found = Runs.get(run.results(), "d_w_threshold");
    Runs.assertClose("d_w_threshold", expected.get(1).value(), found, 1e-14);
    assertTrue(Arrays.stream(found.toDoubles()).anyMatch(x -> x != 0), "the gate learns");
  }

  @Test
  void straight_through_has_the_value_of_the_hard_pattern_and_detach_no_gradient() {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> through = Runs.define(lspg(), tensors);
    Map<String, Tensor> hard = Runs.define(lspg("gate=DETACH"), tensors);
    Runs.assertSameBits("out", Runs.get(hard, "out"), Runs.get(through, "out"));
    Runs.assertSameBits("dv", Runs.get(hard, "dv"), Runs.get(through, "dv"));
    assertTrue(Arrays.stream(Runs.get(hard, "d_w_score").toDoubles()).allMatch(x -> x == 0));
    assertTrue(Arrays.stream(Runs.get(through, "d_w_score").toDoubles()).anyMatch(x -> x != 0));
    assertTrue(Arrays.stream(Runs.get(through, "d_a_global").toDoubles()).anyMatch(x -> x != 0));
  }

  @Test
  void the_soft_mask_tends_to_the_hard_one() {
    Map<String, Tensor> tensors = tensors();
    Tensor hard = out(lspg(), tensors);
    Tensor cold = out(lspg("maskMode=LOG_SOFT", "temperature=1e-4"), tensors);
    Tensor warm = out(lspg("maskMode=LOG_SOFT", "temperature=1"), tensors);
    // What remains are excluded keys, which weigh 1e-6.
    Runs.assertClose("out", hard, cold, 1e-4);
    assertTrue(Math.abs(hard.get(0) - warm.get(0)) > 1e-3);
  }

  @Test
  void a_budget_takes_so_many_columns_and_ties_go_to_the_lower_index() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(Runs.qkv(1, 4, 2));
    tensors.put("k", Tensor.full(Shape.of(1, 1, 4, 2), 1));
    Tensor chosen =
        Runs.get(Runs.define(lspg("budget=0.5", "globals=0", "local=0"), tensors), "selected");
    assertArrayEquals(
        new double[] {1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0}, chosen.toDoubles());
    Tensor causal =
        Runs.get(
            Runs.define(lspg("budget=0.7", "globals=0", "causal=true"), Runs.qkv(1, 10, 2)),
            "selected");
    for (int i = 0; i < 10; i++) {
      int count = 0;
      for (int j = 0; j < 10; j++) {
        count += (int) causal.at(0, 0, i, j);
      }
      assertEquals((7 * (i + 1) + 9) / 10, count);
    }
  }

  @Test
  void global_keys_are_those_of_largest_importance_and_their_queries_see_everything() {
    Map<String, Tensor> tensors = Runs.qkv(1, N, 2);
    tensors.put("a_global", Tensor.of(Shape.of(1, 2), 1, 0));
    Tensor k = Runs.get(tensors, "k");
    tensors.put("k", Tensor.generate(k.shape(), p -> p == 8 ? 9 : k.get(p)));
    Mechanism one = lspg("globals=1", "local=0");
    Tensor columns = Runs.get(Runs.define(one, tensors), "global_columns");
    assertArrayEquals(new double[] {0, 0, 0, 0, 1, 0}, columns.toDoubles());
    Tensor pattern = pattern(one, tensors);
    for (int i = 0; i < N; i++) {
      assertEquals(1, pattern.at(0, 0, i, 4));
      assertEquals(1, pattern.at(0, 0, 4, i));
    }
    Mechanism causal = lspg("globals=1", "local=0", "causal=true");
    Tensor prefix = Runs.get(Runs.define(causal, tensors), "global_columns");
    assertEquals(1, prefix.at(0, 0, 0, 0), "the first row knows only itself");
    assertEquals(1, prefix.at(0, 0, 5, 4));
    assertEquals(0, prefix.at(0, 0, 3, 4), "row 3 does not know of key 4");
  }

  @Test
  void the_last_row_of_a_prefill_is_a_step_of_decoding() {
    for (String mode : List.of("NEG_INF", "ZERO_LOGIT", "LOG_SOFT")) {
      Mechanism mechanism = lspg("causal=true", "maskMode=" + mode);
      Map<String, Tensor> tensors = tensors();
      Tensor all = out(mechanism, tensors);
      Map<String, Tensor> step = new LinkedHashMap<>(tensors);
      Tensor q = Runs.get(tensors, "q");
      step.put("q", Tensor.generate(Shape.of(1, 1, 1, 3), p -> q.get((N - 1) * 3 + p)));
      step.remove("d_out");
      Tensor last = out(mechanism, step);
      for (int c = 0; c < 3; c++) {
        assertEquals(all.at(0, 0, N - 1, c), last.at(0, 0, 0, c), 1e-15, mode);
      }
    }
  }

  @Test
  void a_block_is_local_if_one_of_its_pairs_is() {
    Map<String, Tensor> tensors = Runs.qkv(1, 9, 2);
    tensors.put("w_threshold", Tensor.of(Shape.of(1, 6), 99, 0, 0, 0, 0, 0));
    String[] blocks = {"level=BLOCK", "size=3", "globals=0"};
    for (int local : new int[] {1, 2, 4, 5}) {
      String[] settings = Arrays.copyOf(blocks, 4);
      settings[3] = "local=" + local;
      Tensor found = pattern(lspg(settings), tensors);
      Tensor expected =
          KeepMask.where(
              found.shape(),
              x -> {
                int apart = Math.abs(x[2] / 3 - x[3] / 3);
                return apart == 0 || apart * 3 - 2 < local;
              });
      Runs.assertSameBits("local=" + local, expected, found);
    }
  }

  @Test
  void distances_share_buckets_on_a_logarithmic_scale() {
    assertEquals(0, RelativeBuckets.of(-3, true));
    assertEquals(15, RelativeBuckets.of(15, true));
    assertEquals(16, RelativeBuckets.of(16, true));
    assertEquals(21, RelativeBuckets.of(32, true));
    assertEquals(31, RelativeBuckets.of(4000, true));
    assertEquals(10, RelativeBuckets.of(16, false));
    assertEquals(26, RelativeBuckets.of(-16, false));
    assertEquals(12, RelativeBuckets.of(32, false));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> without = new LinkedHashMap<>(tensors);
    without.remove("a_global");
    Runs.assertRefused("needs the tensor a_global", lspg(), without);
    Map<String, Tensor> broken = new LinkedHashMap<>(tensors);
    broken.put("q", Tensor.full(Shape.of(1, 1, N, 3), Double.NaN));
    Runs.assertRefused("NaN", lspg(), broken);
    Runs.assertRefused("needs the tensor mlp_w1", lspg("reading=LITERAL"), tensors);
    Map<String, Tensor> narrow = new LinkedHashMap<>(tensors);
    narrow.put("selected", Tensor.zeros(Shape.of(1, 1, N, N - 1)));
    Runs.assertRefused("selected has shape", lspg(), narrow);
    narrow.put("selected", Tensor.zeros(Shape.of(1, 1, N, N)));
    Runs.assertRefused("selects nothing", lspg("maskMode=LOG_SOFT"), narrow);
    Map<String, Tensor> decode = new LinkedHashMap<>(tensors);
    decode.put("q", Tensor.zeros(Shape.of(1, 1, 1, 3)));
    decode.remove("d_out");
    Runs.assertRefused("choose level SCORE", lspg("level=BLOCK", "causal=true"), decode);
    assertThrows(IllegalArgumentException.class, () -> lspg("budget=1.5"));
    assertThrows(IllegalArgumentException.class, () -> lspg("gate=SOFT"));
    assertThrows(
        IllegalArgumentException.class, () -> lspg("reading=LITERAL", "maskMode=LOG_SOFT"));
  }

  @Test
  void the_future_of_a_zeroed_logit_leaks_where_causality_comes_before_it() {
    Mechanism leaky = lspg("maskMode=ZERO_LOGIT", "causal=true", "causalAfterZero=false");
    assertFalse(leaky.leak().isEmpty());
    Map<String, Tensor> tensors = tensors();
    Tensor before = out(leaky, tensors);
    Tensor v = Runs.get(tensors, "v");
    tensors.put("v", Tensor.generate(v.shape(), p -> p / 3 == N - 1 ? 7 : v.get(p)));
    assertTrue(before.get(0) != out(leaky, tensors).get(0));
  }

  /** M over tokens, from the rules. */
  private static Tensor pattern(Mechanism mechanism, Map<String, Tensor> tensors) {
    Evaluation run = Evaluation.define(mechanism, tensors);
    Mechanism.Rules rules = mechanism.rules(run.inputs());
    int n = Runs.get(tensors, "q").shape().extent(2);
    return KeepMask.where(
        Shape.of(1, 1, n, n),
        x -> !rules.of(x[0], x[1], x[2], x[3]).equals(Mechanism.NOT_ATTENDED));
  }

  /** What dense attention reads. */
  private static Map<String, Tensor> without(Map<String, Tensor> tensors) {
    Map<String, Tensor> few = new LinkedHashMap<>(tensors);
    few.keySet().retainAll(List.of("q", "k", "v", "mask"));
    return few;
  }

  private static Map<String, Tensor> literal(Map<String, Tensor> tensors) {
    Map<String, Tensor> all = new LinkedHashMap<>(tensors);
    all.put("mlp_w1", Tensor.of(Shape.of(2), 1, -1));
    all.put("mlp_b1", Tensor.zeros(Shape.of(2)));
    all.put("mlp_w2", Tensor.of(Shape.of(2), 1, -1));
    all.put("mlp_b2", Tensor.zeros(Shape.of(1)));
    return all;
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = Runs.qkv(1, N, 3);
    tensors.put("w_score", Runs.draw("w_score", 1));
    tensors.put("w_threshold", Runs.draw("w_threshold", 1, 6));
    tensors.put("a_global", Runs.draw("a_global", 1, 3));
    return tensors;
  }

  private static Mechanism lspg(String... settings) {
    java.util.List<String> all = new java.util.ArrayList<>(List.of("local=1", "globals=1"));
    all.addAll(List.of(settings));
    return Runs.make(Lspg.class, all.toArray(String[]::new));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Runs.get(Runs.define(mechanism, tensors), "out");
  }
}
