package dev.assay.mechanism.learned;

import static dev.assay.mechanism.learned.LspgTrials.N;
import static dev.assay.mechanism.learned.LspgTrials.literal;
import static dev.assay.mechanism.learned.LspgTrials.lspg;
import static dev.assay.mechanism.learned.LspgTrials.out;
import static dev.assay.mechanism.learned.LspgTrials.pattern;
import static dev.assay.mechanism.learned.LspgTrials.tensors;
import static dev.assay.mechanism.learned.LspgTrials.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.mechanism.Evaluation;
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
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a pattern does to the softmax, and what the generator learns by it. */
class LspgTest {
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
    Var m = Objects.requireNonNull(pattern.soft());
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
}
