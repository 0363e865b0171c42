package dev.assay.mechanism.linear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.catalog.Results;
import dev.assay.engine.AttentionRows.Row;
import dev.assay.engine.ScalarEngine;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Observation;
import dev.assay.mechanism.Settings;
import dev.assay.plan.RecurrentPlan.Rule;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinearRecurrenceTest {
  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 5.1e-11;

  private static final int N = 6;
  private static final int D = 3;

  private static LinearRecurrence recurrence(String... settings) {
    return Settings.make(LinearRecurrence.class, Settings.parse(List.of(settings)));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).answer().out().value();
  }

  private static Map<String, Tensor> tensors(Rule rule) {
    Map<String, Tensor> tensors = new HashMap<>();
    int stream = 0;
    for (String name : List.of("q", "k", "v")) {
      double phase = 1 + stream++;
      tensors.put(
          name, Tensor.generate(Shape.of(1, 2, N, D), p -> StrictMath.sin(phase + p * phase)));
    }
    if (rule.decays()) {
      tensors.put(
          "decay", LinearRecurrenceCases.factors(new Philox(7, 1, 0), Shape.of(1, 2, N, D)));
    }
    if (rule.steps()) {
      tensors.put("beta", LinearRecurrenceCases.steps(new Philox(7, 2, 0), Shape.of(1, 2, N)));
    }
    return tensors;
  }

  @Test
  void factors_and_logarithms_differ_on_the_recorded_example() {
    Case recorded = LinearRecurrenceCases.all().get(1);
    Map<String, Tensor> tensors = recorded.tensors();
    assertEquals(2.4171623985, out(recurrence("rule=GATED"), tensors).at(0, 0, 2, 0), PRINTED);
    assertEquals(
        8.6462763235,
        out(recurrence("rule=GATED", "decayAs=LOG"), tensors).at(0, 0, 2, 0),
        PRINTED);
  }

  @Test
  void logarithms_of_the_factors_give_the_same() {
    Map<String, Tensor> tensors = tensors(Rule.GATED_DELTA);
    Tensor factors = out(recurrence(), tensors);
    Tensor decay = Results.get(tensors, "decay");
    tensors.put("decay", Tensor.generate(decay.shape(), p -> StrictMath.log(decay.get(p))));
    Tensor logarithms = out(recurrence("decayAs=LOG"), tensors);
    for (int p = 0; p < factors.size(); p++) {
      assertEquals(factors.get(p), logarithms.get(p), 1e-14);
    }
  }

  @Test
  void the_linear_rule_sums_unnormalised_products() {
    Map<String, Tensor> tensors = tensors(Rule.LINEAR);
    Tensor out = out(recurrence("rule=LINEAR", "scale=0.5"), tensors);
    for (int i = 0; i < N; i++) {
      double sum = 0;
      for (int j = 0; j <= i; j++) {
        sum += 0.5 * dot(tensors, i, j) * Results.get(tensors, "v").at(0, 1, j, 2);
      }
      assertEquals(sum, out.at(0, 1, i, 2), 1e-14);
    }
  }

  private static double dot(Map<String, Tensor> tensors, int i, int j) {
    double dot = 0;
    for (int c = 0; c < D; c++) {
      dot += Results.get(tensors, "q").at(0, 1, i, c) * Results.get(tensors, "k").at(0, 1, j, c);
    }
    return dot;
  }

  @Test
  void a_unit_key_written_again_with_beta_one_replaces_what_it_stood_for() {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("k", Tensor.of(Shape.of(1, 1, 3, 2), 0.6, 0.8, 0.8, -0.6, 0.6, 0.8));
    tensors.put("q", Results.get(tensors, "k"));
    tensors.put("v", Tensor.of(Shape.of(1, 1, 3, 1), 5, 7, 11));
    tensors.put("beta", Tensor.full(Shape.of(1, 1, 3), 1));
    Tensor out = out(recurrence("rule=DELTA", "scale=1"), tensors);
    assertEquals(5, out.get(0), 1e-15);
    assertEquals(7, out.get(1), 1e-14);
    assertEquals(11, out.get(2), 1e-14);
    Tensor linear =
        out(
            recurrence("rule=LINEAR", "scale=1"),
            Map.of(
                "q", Results.get(tensors, "q"),
                "k", Results.get(tensors, "k"),
                "v", Results.get(tensors, "v")));
    assertEquals(16, linear.get(2), 1e-14, "without the correction both stay");
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void going_on_from_the_state_equals_one_run_over_all_tokens(Rule rule) {
    LinearRecurrence mechanism = recurrence("rule=" + rule);
    Map<String, Tensor> all = tensors(rule);
    LinearRecurrence.Run whole = mechanism.run(Inputs.on(new Tape(), mechanism, all));
    LinearRecurrence.Run first = mechanism.run(Inputs.on(new Tape(), mechanism, tokens(all, 0, 4)));
    Map<String, Tensor> rest = tokens(all, 4, N);
    rest.put("past_state", first.state().value());
    LinearRecurrence.Run second = mechanism.run(Inputs.on(new Tape(), mechanism, rest));
    Results.assertSameBits("out", rows(whole.out().value(), 4, N), second.out().value());
    Results.assertSameBits("state", whole.state().value(), second.state().value());
    Tensor lowered = Evaluation.lower(mechanism, rest, new ScalarEngine()).answer().out().value();
    for (int p = 0; p < lowered.size(); p++) {
      assertEquals(second.out().value().get(p), lowered.get(p), 1e-14);
    }
  }

  private static Map<String, Tensor> tokens(Map<String, Tensor> all, int from, int to) {
    Map<String, Tensor> some = new HashMap<>();
    all.forEach((name, x) -> some.put(name, rows(x, from, to)));
    return some;
  }

  private static Tensor rows(Tensor x, int from, int to) {
    Shape shape = x.shape().with(2, to - from);
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          at[2] += from;
          return x.at(at);
        });
  }

  @Test
  void a_given_state_gets_a_gradient() {
    Map<String, Tensor> tensors = tensors(Rule.LINEAR);
    tensors.put("past_state", Tensor.zeros(Shape.of(1, 2, D, D)));
    tensors.put("d_out", Tensor.full(Shape.of(1, 2, N, D), 1));
    Tensor gradient =
        Results.get(
            Evaluation.define(recurrence("rule=LINEAR", "scale=1"), tensors).results(),
            "dpast_state");
    double sum = 0;
    for (int i = 0; i < N; i++) {
      sum += Results.get(tensors, "q").at(0, 1, i, 2);
    }
    assertEquals(sum, gradient.at(0, 1, 2, 0), 1e-14);
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void a_later_token_reaches_no_earlier_row(Rule rule) {
    Map<String, Tensor> tensors = tensors(rule);
    Tensor before = out(recurrence("rule=" + rule), tensors);
    tensors.replaceAll(
        (name, x) ->
            Tensor.generate(x.shape(), p -> x.shape().index(p)[2] < 3 ? x.get(p) : 3 - x.get(p)));
    Tensor after = out(recurrence("rule=" + rule), tensors);
    Results.assertSameBits("out", rows(before, 0, 3), rows(after, 0, 3));
  }

  @Test
  void unit_keys_have_length_one_whatever_they_are_given_as() {
    Map<String, Tensor> tensors = tensors(Rule.GATED_DELTA);
    Tensor before = out(recurrence("keys=UNIT"), tensors);
    tensors.replaceAll(
        (name, x) ->
            name.equals("k") || name.equals("q")
                ? Tensor.generate(x.shape(), p -> 1000 * x.get(p))
                : x);
    Tensor after = out(recurrence("keys=UNIT"), tensors);
    for (int p = 0; p < before.size(); p++) {
      assertEquals(before.get(p), after.get(p), 1e-5, "but for the 1e-6 under the root");
    }
  }

  @Test
  void the_weights_that_are_looked_at_are_what_a_value_counts_for() {
    Map<String, Tensor> tensors = tensors(Rule.GATED_DELTA);
    Observation seen = Observation.of(recurrence(), tensors);
    Row row = seen.softmaxes().getFirst().row(0, 1, 4);
    assertEquals(5, row.keys().length);
    Tensor v = Results.get(tensors, "v");
    double sum = 0;
    for (int e = 0; e < 5; e++) {
      sum += row.weights()[e] * v.at(0, 1, row.keys()[e], 2);
    }
    assertEquals(out(recurrence(), tensors).at(0, 1, 4, 2), sum, 1e-14);
  }

  @Test
  void a_rule_wants_its_tensors_and_no_others() {
    refused("the rule GATED_DELTA needs the tensor beta", recurrence(), tensors(Rule.GATED));
    refused(
        "the rule LINEAR has no place for a decay", recurrence("rule=LINEAR"), tensors(Rule.GATED));
  }

  @Test
  void shapes_and_lengths_that_do_not_fit_are_named() {
    Map<String, Tensor> tensors = tensors(Rule.GATED);
    tensors.put("decay", Tensor.full(Shape.of(1, 1, N, D), 1));
    refused("decay has shape", recurrence("rule=GATED"), tensors);
    Map<String, Tensor> lengths = tensors(Rule.LINEAR);
    lengths.put("q_lens", Tensor.of(Shape.of(1), 3));
    refused("q_lens and k_lens differ", recurrence("rule=LINEAR"), lengths);
    Map<String, Tensor> past = tensors(Rule.LINEAR);
    past.put("past_state", Tensor.zeros(Shape.of(1, 2, D, D + 1)));
    refused("past_state has shape", recurrence("rule=LINEAR"), past);
  }

  private static void refused(String why, Mechanism mechanism, Map<String, Tensor> tensors) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> out(mechanism, tensors));
    assertTrue(refusal.toString().contains(why), refusal.toString());
  }
}
